import { randomUUID } from 'node:crypto'
import { access, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSafetensorsLayout } from '../../native-models/checkpoints/safetensors.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import type { Program } from '../../native-models/graph/program.ts'
import type { RegisteredModel } from './model-file.ts'
import { programCode } from './program-code.ts'
import { recipeName } from './program-recipes.ts'
import type { ProgramRecipe } from './program-recipes.ts'
import { inWorkshop } from './workshop/workshop.ts'

export const weightsFile = 'weights.safetensors'

/**
 * The ONNX file of a program of a registered model. It is made once, beside the weights, and again when the code that writes programs changes.
 * @returns its path.
 */
export async function programFile({ folder, id }: RegisteredModel, recipe: ProgramRecipe, signal?: AbortSignal): Promise<string> {
  const name = recipeName(recipe)
  const versioned = `${name}.${await programCode()}`
  const path = join(folder, `${versioned}.onnx`)
  if (await access(path).then(() => true, () => false)) return path
  await inWorkshop({ make: 'program', folder, id, recipe, name: versioned }, signal)
  for (const other of await readdir(folder)) {
    // Another process of an earlier version may have one open, which Windows does not let go.
    if (other !== `${versioned}.onnx` && other.startsWith(`${name}.`) && other.endsWith('.onnx')) await rm(join(folder, other), { force: true }).catch(() => undefined)
  }
  return path
}

/**
 * Writes a program as `NAME.onnx` into a folder, whole or not at all; its weights stay in the folder's {@link weightsFile}, which ONNX Runtime maps.
 * @returns the path of the ONNX file.
 */
export async function writeProgram(folder: string, name: string, program: Program): Promise<string> {
  const layout = await readSafetensorsLayout(join(folder, weightsFile))
  const onnx = toOnnx(program, parameter => {
    const location = layout.get(parameter)
    if (!location) throw new Error(`${folder} has no weight ${parameter} for the program ${program.name}.`)
    return { external: { location: weightsFile, offset: location.offset, length: location.length } }
  })
  const path = join(folder, `${name}.onnx`)
  const partial = `${path}.${randomUUID()}`
  await writeFile(partial, onnx)
  await rename(partial, path)
  return path
}
