import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import { lfVilaKinds } from '../../native-models/lfvila/configuration/state-dict.ts'
import { readOrdinaryFile } from '../../native-models/ordinary-file.ts'
import { readNpy } from './npy.ts'
import type { NumpyArray } from './npy.ts'

/** Bytes: a fixture names files and a few numbers. */
const largestFixture = 64 * 1024 * 1024

const dimension = z.number().int().positive()
const indices = z.array(z.number().int().min(0)).min(1)

/** An array on disk or in place; `take` picks batch rows, `sentences` picks sentences: along the last axis but one. */
const arrayInput = z.union([
  z.object({ file: z.string(), take: indices.optional(), sentences: indices.optional() }),
  z.object({ values: z.array(z.unknown()), take: indices.optional(), sentences: indices.optional() }),
])
export type ArrayInput = z.infer<typeof arrayInput>

const videoInput = z.union([
  z.object({
    seed: z.number().int(),
    shape: z.tuple([dimension, dimension, dimension, dimension, z.literal(3)]),
    take: indices.optional(),
  }),
  z.object({ file: z.string(), take: indices.optional() }),
])
export type VideoInput = z.infer<typeof videoInput>

const array = arrayInput.optional()
const arrayInputs = {
  textIds: array,
  attentionMask: array,
  labels: array,
  mlmLabels: array,
  spanLabels: array,
  spanLabelWeights: array,
  keyIndices: array,
  valueIndices: array,
  otherNegativeIndices: array,
}
/** The arrays that a program may be fed, by the names of its inputs. */
export const arrayInputNames = Object.keys(arrayInputs) as (keyof typeof arrayInputs)[]

/** An expected output; the optional fields say which part of the full output the file holds. */
const fixtureOutput = z.object({
  name: z.string(),
  file: z.string(),
  /** Of a training case: a file with the order of the weights. */
  names: z.string().optional(),
  tolerance: z.number().positive().optional(),
  relativeTolerance: z.number().positive().optional(),
  batch: z.number().int().min(0).optional(),
  frames: indices.optional(),
  windows: indices.optional(),
  rows: indices.optional(),
  positions: indices.optional(),
})
export type FixtureOutput = z.infer<typeof fixtureOutput>

/** Full-batch training with all stochastic layers off; `official` parameter groups or `uniform` decay. */
const trainSettings = z.object({
  loss: z.string(),
  steps: z.number().int().min(1).max(1000),
  learningRate: z.number(),
  betas: z.tuple([z.number(), z.number()]),
  epsilon: z.number().positive(),
  weightDecay: z.number().min(0),
  groups: z.enum(['official', 'uniform']),
  stochastic: z.literal(false),
})
export type TrainSettings = z.infer<typeof trainSettings>

const fixtureCase = z.object({
  name: z.string(),
  model: z.enum(lfVilaKinds),
  weights: z.array(z.string()).min(1),
  maskValue: z.union([z.number(), z.literal('lowest')]).default(-10000),
  patchesPerFrame: z.number().int().positive().optional(),
  inputs: z.object({ video: videoInput.optional(), ...arrayInputs }),
  train: trainSettings.optional(),
  outputs: z.array(fixtureOutput).min(1),
})
export type FixtureCase = z.infer<typeof fixtureCase>

const fixtureFile = z.object({
  format: z.literal('lfvila-fixture/1'),
  modelConfig: z.string(),
  bertConfig: z.string(),
  tolerance: z.number().positive().default(1e-4),
  cases: z.array(fixtureCase).min(1),
})

/** A folder with `verify.json`, checkpoints and arrays; docs/fixtures.md describes it. */
export interface Fixture extends z.infer<typeof fixtureFile> {
  folder: string
}

/**
 * @param path The fixture's folder or its `verify.json`.
 * @throws ExpectedError when it is not a fixture of this format.
 */
export async function readFixture(path: string): Promise<Fixture> {
  const file = path.endsWith('.json') ? resolve(path) : join(resolve(path), 'verify.json')
  let content: unknown
  try {
    content = JSON.parse((await readOrdinaryFile(file, largestFixture, english`a fixture`)).toString('utf8'))
  } catch (cause) {
    throw new ExpectedError('fixture', `${file} cannot be read as JSON; a fixture is a folder with a verify.json.`, {
      cause,
    })
  }
  const parsed = fixtureFile.safeParse(content)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ExpectedError(
      'fixture',
      `${file} is not a fixture of format lfvila-fixture/1: at ${issue?.path.join('.') || 'its top'}, ${issue?.message ?? 'unknown'}; docs/fixtures.md describes the format.`,
    )
  }
  return { ...parsed.data, folder: dirname(file) }
}

/** The path of a file of the fixture; what lies outside its folder is refused. */
export function fixturePath(fixture: Fixture, file: string): string {
  const path = resolve(fixture.folder, file)
  const inside = relative(fixture.folder, path)
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new ExpectedError(
      'fixture',
      `The fixture names ${file}, which lies outside ${fixture.folder}; move it inside.`,
    )
  }
  return path
}

/** Reads an input array, [B, …] or of text [B, M, L] or [B, choices, M, L], and applies its selection. */
export async function readArrayInput(fixture: Fixture, input: ArrayInput): Promise<NumpyArray> {
  const whole = 'file' in input ? await readNpy(fixturePath(fixture, input.file)) : nested(input.values)
  const taken = input.take ? pick(whole, 0, input.take) : whole
  return input.sentences ? pick(taken, taken.shape.length - 2, input.sentences) : taken
}

/** Slices of `array` along `axis`, in the order of `chosen`. */
export function pick({ shape, data }: NumpyArray, axis: number, chosen: readonly number[]): NumpyArray {
  const size = shape[axis]
  const beyond = size === undefined ? chosen[0] : chosen.find(index => index >= size)
  if (size === undefined || beyond !== undefined) {
    throw new ExpectedError(
      'fixture',
      `The fixture takes index ${beyond} along axis ${axis} of an array of shape [${shape.join(', ')}]; correct verify.json.`,
    )
  }
  const inner = elementCount(shape.slice(axis + 1))
  const outer = elementCount(shape.slice(0, axis))
  const picked = new (data.constructor as new (length: number) => NumpyArray['data'])(outer * chosen.length * inner)
  let at = 0
  for (let o = 0; o < outer; o++) {
    for (const index of chosen) {
      const start = (o * size + index) * inner
      picked.set(data.subarray(start, start + inner), at)
      at += inner
    }
  }
  return { shape: shape.toSpliced(axis, 1, chosen.length), data: picked }
}

function nested(values: unknown[]): NumpyArray {
  const shape: number[] = []
  for (let level: unknown = values; Array.isArray(level); level = level[0]) shape.push(level.length)
  const data = Float64Array.from(values.flat(Infinity), Number)
  if (data.length !== elementCount(shape) || data.some(Number.isNaN)) {
    throw new ExpectedError(
      'fixture',
      'The fixture gives “values” that are not a regular array of numbers; correct verify.json.',
    )
  }
  return { shape, data }
}
