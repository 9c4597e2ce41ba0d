import { createHash } from 'node:crypto'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { Certificate, CertifiedRow } from '../../../api/evaluation/certificate.ts'
import type { Evaluation } from '../../../api/evaluation/evaluation.ts'
import type { Example } from '../../data/examples/example.ts'
import type { Results } from '../results/evaluation-folder.ts'
import type { Output } from '../results/outputs.ts'
import { videoName } from '../results/results.ts'

/** Numbers of each embedding, and of each row of logits or windows, by which two evaluations are compared. */
const [numbersOfEmbedding, numbersOfLogits] = [4, 8]

interface Finished {
  readonly record: Evaluation
  readonly examples: readonly Example[]
  readonly outputs: ReadonlyMap<number, Output>
  readonly results: Results
}

/** @throws ExpectedError when the evaluation has not come to its end, or comes from before there were certificates. */
export function certificateOf({ record, examples, outputs, results }: Finished): Certificate {
  const { choice, figures, sampling, computers, endedAt } = record
  const { matrix, standings } = results
  if (figures === null || !matrix || !standings || (!sampling && choice.predictions === null)) {
    throw new ExpectedError(
      'evaluation-unfinished',
      'The evaluation has no certificate: it has not finished, or was made before there were any; evaluate again.',
    )
  }
  const { folder, videos, format, task, split: splits, texts } = choice.dataset
  const standingOf = new Map(standings.map(standing => [standing.example, standing]))
  return {
    format: 'lfvila-evaluation/1',
    evaluation: record.id,
    finished: new Date(endedAt ?? 0).toISOString(),
    model: { id: choice.model, hash: record.modelHash },
    predictions: choice.predictions,
    data: {
      folder,
      videos,
      format,
      task,
      splits,
      texts: texts ?? null,
      split: record.split,
      hash: record.dataHash,
      count: examples.length,
    },
    protocol: {
      task: record.task,
      ties: choice.ties,
      batchSize: choice.batchSize,
      alignment: choice.alignment,
      asked: choice.protocol,
      published: record.protocol,
    },
    sampling,
    computers,
    figures,
    conditions: record.conditions,
    matrix,
    embeddings: embeddingsOf([...outputs].sort(([a], [b]) => a - b).map(([, output]) => output)),
    rows: examples.map((example, place): CertifiedRow => {
      const [output, standing] = [outputs.get(place), standingOf.get(place)]
      return {
        source: example.source,
        video: videoName(example, folder),
        file: output?.file ?? null,
        rank: standing?.rank ?? null,
        score: standing?.score ?? null,
        numbers: numbersOf(output),
      }
    }),
  }
}

function numbersOf(output: Output | undefined): number[] {
  if (!output || 'problem' in output) return []
  if ('logits' in output) return output.logits.slice(0, numbersOfLogits)
  if ('windows' in output) return output.windows.flat().slice(0, numbersOfLogits)
  return [output.video, output.text].flatMap(embedding => [...embedding.subarray(0, numbersOfEmbedding)])
}

function embeddingsOf(outputs: readonly Output[]): Certificate['embeddings'] {
  const [videos, texts] = [createHash('sha256'), createHash('sha256')]
  let dimension = 0
  for (const output of outputs) {
    if (!('video' in output)) continue
    dimension = output.video.length
    videos.update(bytes(output.video))
    texts.update(bytes(output.text))
  }
  return dimension === 0 ? null : { dimension, videos: videos.digest('hex'), texts: texts.digest('hex') }
}

const bytes = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
