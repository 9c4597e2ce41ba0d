import { access, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import { readSafetensorsLayout, writeSafetensors } from '../../native-models/checkpoints/safetensors/safetensors.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import { derivedWeight } from '../../native-models/graph/precision/derived-weight.ts'
import type { Program } from '../../native-models/graph/program.ts'
import { weightsFile } from '../model-folder/model-file.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import { sweepLeftOvers, unfinishedMark } from '../storage/files/left-overs.ts'
import { renameSynced } from '../storage/files/sync.ts'
import { compile } from './compile.ts'
import { programCode } from './fingerprint.ts'
import { recipeName } from './program-recipes.ts'
import type { ProgramRecipe } from './program-recipes.ts'

/**
 * The ONNX file of a program of a registered model. It is made once, beside the weights, and again when the code that
 * writes programs changes.
 * @returns its path.
 */
export async function programFile(
  { folder, id }: RegisteredModel,
  recipe: ProgramRecipe,
  signal?: AbortSignal,
): Promise<string> {
  const name = recipeName(recipe)
  const versioned = `${name}.${await programCode()}`
  const path = join(folder, `${versioned}.onnx`)
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  ) {
    return path
  }
  await compile({ make: 'program', folder, id, recipe, name: versioned }, signal)
  for (const other of await readdir(folder)) {
    // Another process of an earlier version may have one open, which Windows does not let go.
    if (
      !other.startsWith(`${versioned}.`) &&
      other.startsWith(`${name}.`) &&
      /\.(onnx|safetensors)(\.partial)?$/.test(other)
    ) {
      await rm(join(folder, other), { force: true }).catch(() => undefined)
    }
  }
  return path
}

/**
 * Writes a program as `NAME.onnx` into a folder, whole or not at all; its weights stay in the folder's
 * {@link weightsFile}, which ONNX Runtime maps. Those that it wants in another precision than float32 are made of them
 * and lie beside it, as `NAME.safetensors`.
 * @returns the path of the ONNX file.
 */
export async function writeProgram(folder: string, name: string, program: Program): Promise<string> {
  const derivedFile = `${name}.safetensors`
  const derives = await writeDerivedWeights(folder, derivedFile, program)
  const locations = new Map<string, { location: string; offset: number; length: number }>()
  for (const location of derives ? [weightsFile, derivedFile] : [weightsFile]) {
    for (const [weight, { offset, length }] of await readSafetensorsLayout(join(folder, location))) {
      locations.set(weight, { location, offset, length })
    }
  }
  const onnx = toOnnx(program, parameter => {
    const external = locations.get(parameter)
    if (!external) throw new Error(`${folder} has no weight ${parameter} for the program ${program.name}.`)
    return { external }
  })
  const path = join(folder, `${name}.onnx`)
  await sweepLeftOvers(folder, other => other.startsWith(`${name}.onnx.`))
  const partial = `${path}.${unfinishedMark()}`
  await writeFile(partial, onnx, { flush: true })
  await renameSynced(partial, path)
  return path
}

/** @returns whether the program wants any weight in another precision. */
async function writeDerivedWeights(folder: string, file: string, program: Program): Promise<boolean> {
  const derived = program.parameters.flatMap(parameter => {
    const how = derivedWeight(parameter.name)
    return how ? [{ ...parameter, how }] : []
  })
  if (derived.length === 0) return false
  const weights = await openCheckpoint(join(folder, weightsFile))
  try {
    await writeSafetensors(
      join(folder, file),
      derived.map(({ name, dtype, shape, how }) => ({
        name,
        shape,
        dtype: dtype === 'float16' || dtype === 'int8' ? dtype : 'float32',
        read: async () => {
          const tensor = weights.tensors.get(how.source)
          const values = await tensor?.read()
          if (!(values instanceof Float32Array)) {
            throw new Error(`${folder} has no weight ${how.source} for the program ${program.name}.`)
          }
          return how.values(values, tensor?.shape[0] ?? 1)
        },
      })),
    )
  } finally {
    await weights.close()
  }
  return true
}
