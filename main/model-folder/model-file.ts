import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import { labelWeight } from '../../native-models/lfvila/configuration/state-dict.ts'
import { learnedFrom, modelKind } from '../api/models.ts'
import type { ParityCheck, Model } from '../api/models.ts'
import { trainedWith } from '../api/training/training.ts'
import { evaluatedBy, hasLocalProjections, whyNotSearch } from './kinds.ts'
import { modelWarnings } from './model-warnings.ts'
import { isShipped } from './shipped-source.ts'

export const weightsFile = 'weights.safetensors'
export const modelFile = 'model.json'

/** What `model.json` in a registered model's folder says; the configurations are kept as they were given. */
const modelRecord = z.object({
  format: z.literal('lfvila-model/1'),
  kind: modelKind,
  trained: z.boolean(),
  parameters: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.string(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  config: z.object({ model: z.unknown(), bert: z.unknown() }),
  /** Name of the vocabulary file in the folder, or null when the model came without one. */
  vocabulary: z.enum(['vocab.txt', 'tokenizer.json']).nullable(),
  /** Names of the answers or classes that the model chooses from, by their numbers; null when it came without. */
  labels: z.array(z.string()).nullable().default(null),
  /** What it was trained with here; null for others. */
  training: trainedWith.nullable().default(null),
  /** How it came of corrected captions; null for others. */
  learned: learnedFrom.nullable().default(null),
})
export type ModelRecord = z.infer<typeof modelRecord>

/** A registered model: its folder, record and parsed configuration. */
export interface RegisteredModel {
  id: string
  folder: string
  record: ModelRecord
  config: LfVilaConfig
}

/** @throws ExpectedError when the folder does not hold a registered model, or a damaged one. */
export async function readModel(folder: string, id: string): Promise<RegisteredModel> {
  const path = join(folder, modelFile)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ExpectedError('model-unknown', `There is no model ‘${id}’; \`model list\` shows those there are.`, {
      cause,
    })
  })
  try {
    const record = modelRecord.parse(JSON.parse(text))
    return { id, folder, record, config: parseConfig(record.config.model, record.config.bert) }
  } catch (cause) {
    throw new ExpectedError(
      'model-damaged',
      `The model ‘${id}’ is damaged (${path} cannot be understood); remove it and import it again.`,
      { cause },
    )
  }
}

/** The model as windows and command line see it. */
export function describe({ id, record, config }: RegisteredModel, agreements: ParityCheck[], inUse: boolean): Model {
  const { video, text } = config
  const readsAllLayers = record.kind !== 'retrieval' && record.kind !== 'pretrain-stage1'
  return {
    id,
    inUse,
    kind: record.kind,
    trained: record.trained,
    parameters: record.parameters,
    dimension: config.dimension,
    localProjections: hasLocalProjections(record.kind),
    labels: labelWeight(record.kind) === null ? null : config.labels,
    hash: record.hash,
    createdAt: record.createdAt,
    source: record.source,
    agreements,
    cannotSearch: whyNotSearch(id, record.kind),
    evaluatedBy: evaluatedBy(record.kind),
    trainable: true,
    exportable: true,
    removable: !isShipped(record.source),
    warnings: modelWarnings(id, record),
    training: record.training,
    learned: record.learned,
    video: {
      embedDim: video.embedDim,
      depths: video.stages.map(({ depth }) => depth),
      heads: video.stages.map(({ heads }) => heads),
      windows: video.stages.map(({ window: [frames, rows, columns] }) => [frames, rows, columns]),
      frames: video.frames,
      clips: config.clips,
      inputSize: [...video.inputSize],
    },
    text: {
      hidden: text.hidden,
      layers: readsAllLayers ? text.layers : text.pairLayers,
      heads: text.heads,
      vocabulary: text.vocabulary,
      tokens: config.text.tokensPerSentence,
      sentences: config.clips,
    },
  }
}

/**
 * Hash of weights and configuration from the hash of each weight (or file): the same whatever order they are stored in.
 */
export function modelHash(weights: ReadonlyMap<string, string>, config: object): string {
  const hash = createHash('sha256').update(canonical(config))
  for (const [name, digest] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\n${digest}\n`)
  return hash.digest('hex')
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
