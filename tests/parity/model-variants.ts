import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '../../native-models/checkpoints/safetensors/safetensors.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../native-models/lfvila/configuration/state-dict.ts'
import type { LfVilaKind } from '../../native-models/lfvila/configuration/state-dict.ts'
import { randomWeights } from '../support/models/random-weights.ts'

export interface VariantOutput {
  name: string
  positions?: number[]
  shape: number[]
  values: number[]
}
export interface VariantCase {
  name: string
  model: LfVilaKind
  maskValue?: number | 'lowest'
  patchesPerFrame?: number
  inputs: Record<string, { seed: number; shape: number[] } | { values: unknown[] } | { file: string }>
  outputs: VariantOutput[]
}
/** A fixture of `model verify` without files: weights are drawn from a seed, values stand in place. */
export interface Variant {
  what: string
  weightSeed: number
  modelConfig: object
  bertConfig: object
  cases: VariantCase[]
}

/** Writes the weights of all classes that the cases name. */
export async function writeVariantWeights(
  { weightSeed, modelConfig, bertConfig, cases }: Variant,
  path: string,
): Promise<void> {
  const config = parseConfig(modelConfig, bertConfig)
  const shapes = new Map(
    cases.flatMap(({ model, patchesPerFrame }) =>
      stateDict(model, { ...config, videoPatches: patchesPerFrame ?? config.videoPatches }).flatMap(entry =>
        entry.role === 'weight' ? [[entry.name, entry.shape] as const] : [],
      ),
    ),
  )
  await writeSafetensors(
    path,
    Array.from(shapes, ([name, shape]) => ({
      name,
      shape,
      read: () => Promise.resolve(randomWeights(name, shape, weightSeed)),
    })),
  )
}

/** Writes a variant as a fixture folder that `model verify` reads. */
export async function writeVariantFolder(variant: Variant, folder: string): Promise<void> {
  await writeVariantWeights(variant, join(folder, 'model.safetensors'))
  const cases = []
  for (const [index, { outputs, ...one }] of variant.cases.entries()) {
    for (const { name, shape, values } of outputs) {
      await writeFile(join(folder, `${index}.${name}.npy`), npy(shape, values))
    }
    cases.push({
      ...one,
      weights: ['model.safetensors'],
      outputs: outputs.map(({ name, positions }) => ({
        name,
        file: `${index}.${name}.npy`,
        ...(positions ? { positions } : {}),
      })),
    })
  }
  await writeFile(join(folder, 'model.json'), JSON.stringify(variant.modelConfig))
  await writeFile(join(folder, 'bert.json'), JSON.stringify(variant.bertConfig))
  await writeFile(
    join(folder, 'verify.json'),
    JSON.stringify({ format: 'lfvila-fixture/1', modelConfig: 'model.json', bertConfig: 'bert.json', cases }),
  )
}

/** Values as numpy.save writes them. */
export function npy(
  shape: readonly number[],
  values: ArrayLike<number>,
  type: 'float32' | 'uint8' = 'float32',
): Buffer {
  const header = `{'descr': '${type === 'float32' ? '<f4' : '|u1'}', 'fortran_order': False, 'shape': (${shape.map(length => `${length},`).join('')}), }`
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n'
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length & 0xff, padded.length >> 8])
  return Buffer.concat([
    start,
    Buffer.from(padded, 'latin1'),
    type === 'float32' ? Buffer.from(Float32Array.from(values).buffer) : Buffer.from(Uint8Array.from(values)),
  ])
}
