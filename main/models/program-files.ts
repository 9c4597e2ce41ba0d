import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { readSafetensorsLayout } from '../../native-models/checkpoints/safetensors.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import type { Program } from '../../native-models/graph/program.ts'

export const weightsFile = 'weights.safetensors'

/**
 * Writes a program as `NAME.onnx` into a folder; its weights stay in the folder's {@link weightsFile}, which ONNX Runtime maps.
 * Replaces an older file at once, so that a program never runs from an earlier version of the code.
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
