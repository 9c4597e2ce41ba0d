import { createHash } from 'node:crypto'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { openOrdinaryFile } from '../../../../native-models/ordinary-file.ts'
import { fileProblem } from '../../../storage/files/file-problem.ts'
import type { Example } from '../../data/examples/example.ts'
import { readPredictions } from '../../moments/predictions-file.ts'
import { queryOf } from '../../moments/query-of-example.ts'
import type { Output } from '../results/outputs.ts'

/** SHA-256 of a file of predictions. @throws ExpectedError when it cannot be read. */
export async function hashOfPredictions(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    const opened = await openOrdinaryFile(file)
    try {
      for await (const bytes of opened.createReadStream({ autoClose: false })) {
        signal.throwIfAborted()
        hash.update(bytes as Uint8Array)
      }
    } finally {
      await opened.close()
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof ExpectedError) throw cause
    throw new ExpectedError('file-unreadable', fileProblem(file, cause), { cause })
  }
  return hash.digest('hex')
}

/**
 * What a file predicts, in the order of the examples, and what a reader of the figures must know of it.
 * @throws ExpectedError when it cannot be read or has no line for any of them.
 */
export async function takePredictions(
  file: string,
  examples: readonly Example[],
  signal: AbortSignal,
): Promise<{ outputs: readonly Output[]; notices: readonly string[] }> {
  const queries = examples.flatMap(example => queryOf(example) ?? [])
  const { predictions, notices } = await readPredictions(file, queries, signal)
  if (predictions.every(prediction => prediction === null)) {
    throw new ExpectedError(
      'no-predictions',
      `${file} has no line that can be used for any of the ${queries.length} queries: ${notices[0] ?? 'it is empty'} Give the file whose ‘qid’ are those of the split.`,
    )
  }
  return {
    notices,
    outputs: predictions.map((prediction): Output =>
      prediction === null
        ? { problem: english`has no prediction` }
        : {
            windows: prediction.windows.map(([start, end, score]) => [start, end, score]),
            saliency: prediction.saliency && [...prediction.saliency],
          },
    ),
  }
}
