import { createSession } from '../../main/engine/onnxruntime.ts'
import type { Session, TensorValue } from '../../main/engine/onnxruntime.ts'
import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import { toOnnx } from '../../native-models/graph/onnx.ts'
import type { Program } from '../../native-models/graph/program.ts'

/** A session of a program with the weights of a checkpoint inside the model. */
export async function sessionWithCheckpoint(program: Program, path: string): Promise<Session> {
  const checkpoint = await openCheckpoint(path)
  try {
    const weights = new Map<string, Uint8Array>()
    for (const { name, shape } of program.parameters) {
      const tensor = checkpoint.tensors.get(name)
      if (!tensor || tensor.shape.join() !== shape.join()) throw new Error(`${path} has no ${name} of shape [${shape.join(', ')}]`)
      const values = await tensor.read()
      weights.set(name, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    }
    return await createSession(toOnnx(program, name => ({ inline: weights.get(name) ?? new Uint8Array() })))
  } finally {
    await checkpoint.close()
  }
}

/** Runs once and disposes. */
export async function runOnce(session: Session, feeds: Record<string, TensorValue>): Promise<Record<string, TensorValue>> {
  try {
    return await session.run(feeds)
  } finally {
    await session.dispose()
  }
}
