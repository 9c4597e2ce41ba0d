import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Program } from '../../native-models/graph/program.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import type { DType } from '../../native-models/graph/tensor.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { TensorValue } from '../engine/onnxruntime.ts'
import type { Tensors } from '../engine/protocol.ts'
import { syntheticVideo } from '../models/parity-check/synthetic-video.ts'
import { arrayInputNames, fixturePath, pick, readArrayInput } from './fixture.ts'
import type { Fixture, FixtureCase, VideoInput } from './fixture.ts'
import { bytesAllowed, readNpy } from './npy.ts'
import type { NumpyArray } from './npy.ts'
import { framesOf } from './saved-frames.ts'

export type VideoShape = [batch: number, frames: number, height: number, width: number, channels: number]

export interface CaseInputs {
  videoShape: VideoShape
  pixels: 'uint8' | 'float32'
  /** [B, M, L] or [B, choices, M, L], or null for a case without text. */
  textShape: readonly number[] | null
  arrays: ReadonlyMap<string, NumpyArray>
}

/** Reads what a case feeds, with its selections of batch rows and sentences applied. */
export async function readCaseInputs(
  fixture: Fixture,
  { name, inputs }: FixtureCase,
  config: LfVilaConfig,
): Promise<CaseInputs> {
  const arrays = new Map<string, NumpyArray>()
  for (const key of arrayInputNames) {
    const input = inputs[key]
    if (input) arrays.set(key, await readArrayInput(fixture, input))
  }
  if (inputs.video) arrays.set('video', await readVideo(fixture, inputs.video))
  const text = arrays.get('textIds')?.shape
  const video = arrays.get('video')?.shape
  if ((text && text.length !== 3 && text.length !== 4) || (video && video.length !== 5)) {
    throw new ExpectedError(
      'fixture',
      `Case ‘${name}’ needs textIds of shape [B, M, L] or [B, choices, M, L] and video of shape [B, T, H, W, 3]; correct the fixture.`,
    )
  }
  if (text && video && text[0] !== video[0]) {
    throw new ExpectedError(
      'fixture',
      `Case ‘${name}’ takes ${video[0]} videos and ${text[0]} texts; give as many of both.`,
    )
  }
  return {
    // A case of text alone builds a model that has a video encoder, which then computes nothing.
    videoShape: (video ?? [text?.[0] ?? 1, config.video.frames, ...config.video.inputSize, 3]) as VideoShape,
    pixels: arrays.get('video')?.data instanceof Float32Array ? 'float32' : 'uint8',
    textShape: text ?? null,
    arrays,
  }
}

async function readVideo(fixture: Fixture, input: VideoInput): Promise<NumpyArray> {
  if ('file' in input) {
    const video = framesOf(await readNpy(fixturePath(fixture, input.file)), input.file)
    return input.take ? pick(video, 0, input.take) : video
  }
  const [batch, ...frames] = input.shape
  const taken = input.take ?? Array.from({ length: batch }, (_, element) => element)
  const beyond = taken.find(element => element >= batch)
  if (beyond !== undefined) {
    throw new ExpectedError(
      'fixture',
      `The fixture takes index ${beyond} of ${batch} generated videos; correct verify.json.`,
    )
  }
  const elementSize = elementCount(frames)
  if (taken.length * elementSize > bytesAllowed) {
    throw new ExpectedError(
      'fixture',
      `The fixture generates ${taken.length} videos of shape [${frames.join(', ')}], more than an array of a fixture may hold; take fewer rows.`,
    )
  }
  const data = new Uint8Array(taken.length * elementSize)
  for (const [place, element] of taken.entries()) {
    data.set(syntheticVideo(input.seed, input.shape, element), place * elementSize)
  }
  return { shape: [taken.length, ...frames], data }
}

/**
 * The feeds of exactly the inputs a program has.
 * @throws ExpectedError naming the input that the fixture lacks or gives in another size.
 */
export function caseFeeds(program: Program, { arrays }: CaseInputs): Tensors {
  return Object.fromEntries(
    program.inputs.map(({ name, dtype, shape }): [string, TensorValue] => {
      const array = arrays.get(name)
      const count = elementCount(shape)
      if (array?.data.length !== count) {
        const given = array ? english`of shape [${array.shape.join(', ')}]` : 'missing'
        throw new ExpectedError(
          'fixture',
          `The input ${name} is ${given}, but its outputs need [${shape.join(', ')}]; correct the fixture.`,
        )
      }
      return [name, tensorOf(dtype, shape, array)]
    }),
  )
}

function tensorOf(dtype: DType, dims: readonly number[], { data }: NumpyArray): TensorValue {
  if (dtype === 'uint8') return { dtype, dims, data: data instanceof Uint8Array ? data : Uint8Array.from(data) }
  if (dtype === 'float32') return { dtype, dims, data: data instanceof Float32Array ? data : Float32Array.from(data) }
  return { dtype: 'int32', dims, data: Int32Array.from(data) }
}
