import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openCheckpoint, readSafetensorsLayout, writeSafetensors } from '../../../native-models/checkpoints/index.ts'
import { linear } from '../../../native-models/graph/build.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { input, parameter } from '../../../native-models/graph/tensor.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'lfvila-safetensors-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

const weights = [
  { name: 'odd', shape: [3], data: Float32Array.of(1, 2, 3) },
  { name: 'layer.weight', shape: [2, 16], data: Float32Array.from({ length: 32 }, (_, index) => index / 8 - 2) },
  { name: 'layer.bias', shape: [2], data: Float32Array.of(0.5, -0.25) },
]
const write = (path: string): Promise<void> => writeSafetensors(path, weights.map(({ name, shape, data }) => ({ name, shape, read: () => data })), { format: 'pt' })

test('what is written is read back, and large tensors are aligned to cache lines', async () => {
  const path = join(folder, 'weights.safetensors')
  await write(path)
  const checkpoint = await openCheckpoint(path)
  for (const { name, shape, data } of weights) {
    expect(checkpoint.tensors.get(name)?.shape).toEqual(shape)
    expect(await checkpoint.tensors.get(name)?.read()).toEqual(data)
  }
  await checkpoint.close()
  expect((await readSafetensorsLayout(path)).get('layer.weight')!.offset % 64).toBe(0)
})

test('ONNX Runtime computes with weights at their place in the safetensors file', async () => {
  const path = join(folder, 'weights.safetensors')
  await write(path)
  const layout = await readSafetensorsLayout(path)
  const x = input('x', 'float32', [1, 16])
  const program = makeProgram('linear', { y: linear(x, parameter('layer.weight', [2, 16]), parameter('layer.bias', [2])) })
  const model = join(folder, 'linear.onnx')
  await writeFile(model, toOnnx(program, name => ({ external: { location: 'weights.safetensors', ...layout.get(name)! } })))
  const session = await createSession(model)
  try {
    const { y } = await session.run({ x: { dtype: 'float32', dims: [1, 16], data: new Float32Array(16).fill(1) } })
    // Sums of the two rows of the weight: −17 and 15, plus the bias.
    expect(Array.from(y!.data as Float32Array)).toEqual([-17 + 0.5, 15 - 0.25])
  } finally {
    await session.dispose()
  }
})

test('a write that fails leaves neither the file nor a part of it', async () => {
  const path = join(folder, 'failed.safetensors')
  await expect(writeSafetensors(path, [{ name: 'w', shape: [2], read: () => { throw new Error('the disk is full') } }])).rejects.toThrow('the disk is full')
  expect((await readdir(folder)).filter(name => name.startsWith('failed'))).toEqual([])
})

describe('a file that is not one is refused by name', () => {
  const withHeader = (header: string, data = 0): Buffer => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data)])
  }
  test.each([
    ['a header longer than the file', Buffer.concat([Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]), Buffer.from('{}')]), /longer than the file/],
    ['a header that is no JSON', withHeader('{"w": oh no}'), /not JSON/],
    ['data beyond the end', withHeader('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', 8), /incomplete/],
    ['bytes that do not fit the shape', withHeader('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,12]}}', 16), /bytes its shape asks for/],
    ['a negative size', withHeader('{"w":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}', 16), /cannot be understood/],
    ['an unknown type', withHeader('{"w":{"dtype":"Q4","shape":[4],"data_offsets":[0,2]}}', 16), /cannot be understood/],
    ['no tensors', withHeader('{}'), /no tensors/],
  ])('%s', async (_name, content, reason) => {
    const path = join(folder, 'broken.safetensors')
    await writeFile(path, content)
    const error: unknown = await openCheckpoint(path).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ExpectedError)
    expect((error as ExpectedError).message).toMatch(reason)
    expect((error as ExpectedError).message).toContain(path)
  })
})
