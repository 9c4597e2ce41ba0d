import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { parityCheck } from '../../api/models.ts'
import type { ParityCheck } from '../../api/models.ts'
import type { Engine } from '../../engine/engine.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { programCode } from '../../programs/fingerprint.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import { LfVilaEncoder } from '../encoders/lfvila-encoder.ts'
import { compare } from './compare.ts'
import { syntheticVideo } from './synthetic-video.ts'

const parityChecksFile = 'agreements.json'
/** `code`: of the programs that were measured. */
const kept = z.array(parityCheck.extend({ code: z.string() }))

/** The lowest cosine with fp32 under which embeddings still stand for the same thing. */
const least: Record<ParityCheck['precision'], number> = { fp16: 0.9995, int8: 0.995, int7: 0.995 }
/** Segments that are embedded both ways. */
const segments = 3
const sentences = ['A man opens a door and walks into the garden.', 'Two dogs run after a ball.', 'It begins to rain.']

/** What was measured of a model so far. */
export function readParityChecks(folder: string): (ParityCheck & { code: string })[] {
  try {
    return kept.parse(JSON.parse(readFileSync(join(folder, parityChecksFile), 'utf8')))
  } catch {
    // None yet, or damaged: measuring again costs a few runs.
    return []
  }
}

/**
 * Makes sure that a model computes nearly the same in a precision as in fp32: measured on its own weights when the
 * precision is first used on a device, and kept beside them.
 * @throws ExpectedError when it does not.
 */
export async function assertParity(
  model: RegisteredModel,
  engine: Engine,
  precision: ParityCheck['precision'],
): Promise<void> {
  const { device } = engine.status()
  const code = await programCode()
  const known = readParityChecks(model.folder)
  const here = (one: ParityCheck) => one.precision === precision && one.device === device
  let found = known.find(one => here(one) && one.code === code)
  if (!found) {
    found = { precision, device, ...(await measure(model, engine, precision)), code }
    await writeFileAtomic(
      join(model.folder, parityChecksFile),
      `${JSON.stringify([...known.filter(one => !here(one)), found], null, 2)}\n`,
    )
  }
  if (found.cosine < least[precision]) {
    throw new ExpectedError(
      'precision-agreement',
      `The model ‘${model.id}’ computes too differently in ${precision}: its embeddings have a cosine of ${found.cosine.toFixed(4)} with those in fp32, and ${least[precision]} is the least; choose fp32 in Settings.`,
    )
  }
}

/**
 * Lowest cosine and largest relative difference over embeddings of whole segments, clips, and a paragraph where the
 * model reads text.
 */
async function measure(
  model: RegisteredModel,
  engine: Engine,
  precision: ParityCheck['precision'],
): Promise<Pick<ParityCheck, 'cosine' | 'maxRelDiff'>> {
  const exact = await embeddings(new LfVilaEncoder(model, engine), model)
  const approximate = await embeddings(new LfVilaEncoder(model, engine, precision), model)
  const differences = approximate.map((data, index) =>
    compare({ data }, { data: exact[index]! }, { tolerance: null, relativeTolerance: null }),
  )
  return {
    cosine: Math.min(...differences.map(({ cosine }) => cosine ?? -1)),
    maxRelDiff: Math.max(...differences.map(({ maxRelDiff }) => maxRelDiff ?? Infinity)),
  }
}

async function embeddings(encoder: LfVilaEncoder, { record }: RegisteredModel): Promise<Float32Array[]> {
  const found: Float32Array[] = []
  try {
    for (let segment = 0; segment < segments; segment++) {
      const { global, clips } = await encoder.encodeVideo({
        dtype: 'uint8',
        data: syntheticVideo(1, [segments, encoder.frames, encoder.height, encoder.width, 3], segment),
      })
      found.push(global, ...clips)
    }
    if (record.vocabulary) found.push((await encoder.encodeParagraph(sentences)).embedding)
    return found
  } finally {
    await encoder.dispose()
  }
}
