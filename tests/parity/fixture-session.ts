import { createSession } from '../../main/engine/onnxruntime.ts'
import type { Session, TensorValue } from '../../main/engine/onnxruntime.ts'
import { readFinite } from '../../main/models/import/weights.ts'
import type { Weights } from '../../main/models/import/weights.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import type { Program } from '../../native-models/graph/program.ts'

/** A session of a program with the weights of a checkpoint inside the model. */
export async function sessionWithWeights(program: Program, weights: Weights): Promise<Session> {
  weights.assert(program.parameters)
  const bytes = new Map<string, Uint8Array>()
  for (const { name, shape } of program.parameters) {
    const values = await readFinite(name, weights.get(name, shape)!)
    bytes.set(name, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return createSession(toOnnx(program, name => ({ inline: bytes.get(name) ?? new Uint8Array() })))
}

/** Runs once and disposes. */
export async function runOnce(
  session: Session,
  feeds: Record<string, TensorValue>,
): Promise<Record<string, TensorValue>> {
  try {
    return await session.run(feeds)
  } finally {
    await session.dispose()
  }
}
