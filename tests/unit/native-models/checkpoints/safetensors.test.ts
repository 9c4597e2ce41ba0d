import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createSession } from '../../../../main/engine/onnxruntime.ts'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import {
  readSafetensorsLayout,
  writeSafetensors,
} from '../../../../native-models/checkpoints/safetensors/safetensors.ts'
import { linear } from '../../../../native-models/graph/build.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { makeProgram } from '../../../../native-models/graph/program.ts'
import { input, parameter } from '../../../../native-models/graph/tensor.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { inFolder, refused } from './refusals.ts'

const folder = folderOfFile('safetensors')

const weights = [
  { name: 'odd', shape: [3], data: Float32Array.of(1, 2, 3) },
  { name: 'layer.weight', shape: [2, 16], data: Float32Array.from({ length: 32 }, (_, index) => index / 8 - 2) },
  { name: 'layer.bias', shape: [2], data: Float32Array.of(0.5, -0.25) },
]
const write = (path: string): Promise<void> =>
  writeSafetensors(
    path,
    weights.map(({ name, shape, data }) => ({ name, shape, read: () => data })),
    { metadata: { format: 'pt' } },
  )

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

test.each([
  [
    ['module.', 'module.', 'module.'],
    ['layer.bias', 'layer.weight', 'odd'],
  ],
  [
    ['module._orig_mod.', 'module._orig_mod.', 'module._orig_mod.'],
    ['layer.bias', 'layer.weight', 'odd'],
  ],
  // Not around everything: it is a part of the model's own names.
  [
    ['module.', 'module.', ''],
    ['layer.bias', 'module.layer.weight', 'module.odd'],
  ],
])('names after the prefixes %j of PyTorch’s wrappers are %j', async (prefixes, names) => {
  const path = join(folder, 'wrapped.safetensors')
  await writeSafetensors(
    path,
    weights.map(({ name, shape, data }, index) => ({ name: `${prefixes[index]}${name}`, shape, read: () => data })),
  )
  const checkpoint = await openCheckpoint(path)
  expect([...checkpoint.tensors.keys()].sort()).toEqual(names)
  expect(await checkpoint.tensors.get(names[2]!)?.read()).toEqual(weights[0]!.data)
  await checkpoint.close()
})

test('ONNX Runtime computes with weights at their place in the safetensors file', async () => {
  const path = join(folder, 'weights.safetensors')
  await write(path)
  const layout = await readSafetensorsLayout(path)
  const x = input('x', 'float32', [1, 16])
  const program = makeProgram('linear', {
    y: linear(x, parameter('layer.weight', [2, 16]), parameter('layer.bias', [2])),
  })
  const model = join(folder, 'linear.onnx')
  await writeFile(
    model,
    toOnnx(program, name => ({ external: { location: 'weights.safetensors', ...layout.get(name)! } })),
  )
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
  await expect(
    writeSafetensors(path, [
      {
        name: 'w',
        shape: [2],
        read: () => {
          throw new Error('the disk is full')
        },
      },
    ]),
  ).rejects.toThrow('the disk is full')
  expect((await readdir(folder)).filter(name => name.startsWith('failed'))).toEqual([])
})

const withHeader = (header: string, data = 0): Buffer => {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data)])
}

test('every type of the format, half precision and bfloat16 too', async () => {
  // Little-endian bytes of 1.5 and −2, or of 1 and 0 where the type is an integer; the values by the types'
  // definitions.
  const types: [string, number[], number[]][] = [
    ['F16', [0x00, 0x3e, 0x00, 0xc0], [1.5, -2]],
    ['BF16', [0xc0, 0x3f, 0x00, 0xc0], [1.5, -2]],
    ['F32', [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0], [1.5, -2]],
    ['F64', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0], [1.5, -2]],
    ['I64', [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], [1, -1]],
    ['I32', [1, 0, 0, 0, 255, 255, 255, 255], [1, -1]],
    ['I16', [1, 0, 255, 255], [1, -1]],
    ['I8', [1, 255], [1, -1]],
    ['U8', [1, 255], [1, 255]],
    ['BOOL', [1, 0], [1, 0]],
  ]
  let at = 0
  const described = types.map(([dtype, bytes]) => {
    at += bytes.length
    return [dtype, { dtype, shape: [2], data_offsets: [at - bytes.length, at] }]
  })
  const path = await inFolder(
    'types.safetensors',
    Buffer.concat([
      withHeader(JSON.stringify(Object.fromEntries(described))),
      ...types.map(([, bytes]) => Buffer.from(bytes)),
    ]),
  )
  const checkpoint = await openCheckpoint(path)
  for (const [dtype, , values] of types) {
    expect(Array.from(await checkpoint.tensors.get(dtype)!.read(), Number), dtype).toEqual(values)
  }
  await checkpoint.close()
})

const entry = (shape: string, from: number, to: number, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`

describe('a file that is not one is refused by name', () => {
  test.each([
    [
      'a header longer than the file',
      Buffer.concat([Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]), Buffer.from('{}')]),
      /longer than the file/,
    ],
    [
      'a header of 2⁵⁵ bytes',
      Buffer.concat([Buffer.from([255, 255, 255, 255, 255, 255, 127, 0]), Buffer.from('{}')]),
      /longer than the file/,
    ],
    ['a header that is no JSON', withHeader('{"w": oh no}'), /not JSON/],
    ['a header cut off', withHeader('{"w":{"dtype":"F32"'), /not JSON/],
    ['a header nested without end', withHeader(`{"w":${'['.repeat(5_000_000)}`), /nested deeper/],
    ['a header of quotes that never close', withHeader(`{"w":"${'\\"'.repeat(2_000_000)}`), /not JSON/],
    ['a header larger than any', withHeader(`{"w":"${'x'.repeat(9 * 2 ** 20)}"}`), /more than any checkpoint/],
    ['data beyond the end', withHeader(`{"w":${entry('[4]', 0, 16)}}`, 8), /incomplete/],
    ['bytes that do not fit the shape', withHeader(`{"w":${entry('[4]', 0, 12)}}`, 16), /bytes its shape asks for/],
    ['a negative size', withHeader(`{"w":${entry('[-4]', 0, 16)}}`, 16), /cannot be understood/],
    ['a size that is a fraction', withHeader(`{"w":${entry('[0.5]', 0, 2)}}`, 16), /cannot be understood/],
    ['a size above 2⁵³', withHeader(`{"w":${entry('[18446744073709551616]', 0, 0)}}`, 16), /cannot be understood/],
    [
      'a product above 2⁵³',
      withHeader(`{"w":${entry('[4294967296,4294967296]', 0, 0)}}`, 16),
      /bytes its shape asks for/,
    ],
    ['an end before the start', withHeader(`{"w":${entry('[4]', 16, 0)}}`, 16), /bytes its shape asks for/],
    ['an unknown type', withHeader(`{"w":${entry('[4]', 0, 2, 'Q4')}}`, 16), /cannot be understood/],
    [
      'a type inherited from Object',
      withHeader(`{"w":${entry('[4]', 0, 2, 'constructor')}}`, 16),
      /cannot be understood/,
    ],
    ['a description that is no object', withHeader('{"w":7}'), /description of w cannot be understood/],
    [
      'overlapping tensors',
      withHeader(`{"a":${entry('[2]', 0, 8)},"b":${entry('[2]', 4, 12)}}`, 16),
      /a and b overlap/,
    ],
    [
      'a tensor described twice',
      withHeader(`{"w":${entry('[2]', 0, 8)},"w":${entry('[2]', 8, 16)}}`, 16),
      /describes w twice/,
    ],
    [
      'a tensor described twice in two spellings',
      withHeader(`{"w":${entry('[2]', 0, 8)},"\\u0077":${entry('[2]', 8, 16)}}`, 16),
      /describes a tensor twice/,
    ],
    ['a header that is a list', withHeader('{"w":1}').fill('[{}]   ', 8), /neither a PyTorch/],
    ['no tensors', withHeader('{}'), /no tensors/],
  ])('%s', async (_name, content, reason) => {
    expect(await refused('broken.safetensors', content)).toMatch(reason)
  })

  test('a tensor of a billion values in a file with a hole is refused before it is read', async () => {
    expect(
      await refused('sparse.safetensors', withHeader(`{"w":${entry('[1073741824]', 0, 2 ** 32)}}`), 2 ** 32 + 4096),
    ).toMatch(/1073741824 values, more than any/)
  })
})

describe('a checkpoint in several files', () => {
  const shard = (name: string): Buffer => withHeader(`{"${name}":${entry('[1]', 0, 4)}}`, 4)
  const index = (files: Record<string, string>): Buffer =>
    Buffer.from(JSON.stringify({ metadata: { total_size: 8 }, weight_map: files }))

  test('is opened by its index', async () => {
    await inFolder('model-1.safetensors', shard('a'))
    await inFolder('model-2.safetensors', shard('b'))
    const checkpoint = await openCheckpoint(
      await inFolder('model.safetensors.index.json', index({ a: 'model-1.safetensors', b: 'model-2.safetensors' })),
    )
    expect([...checkpoint.tensors.keys()]).toEqual(['a', 'b'])
    expect(await checkpoint.tensors.get('b')!.read()).toEqual(new Float32Array(1))
    await checkpoint.close()
  })

  test.each([
    [
      'a file that is elsewhere',
      index({ a: '../../etc/model.bin' }),
      /\.\.\/\.\.\/etc\/model\.bin, which does not lie beside it/,
    ],
    ['an absolute path', index({ a: '/etc/passwd' }), /does not lie beside it/],
    ['the index itself', index({ a: 'broken.index.json' }), /neither a PyTorch nor a safetensors/],
    [
      'a tensor that its file lacks',
      index({ a: 'model-1.safetensors', b: 'model-1.safetensors' }),
      /model-1\.safetensors does not hold b/,
    ],
    ['nothing', index({}), /names no tensors/],
    ['other JSON', Buffer.from('{"epoch": 3}'), /not the index/],
  ])('is refused when the index names %s', async (_name, content, reason) => {
    expect(await refused('broken.index.json', content)).toMatch(reason)
  })

  test('is refused when a file is missing', async () => {
    await expect(
      openCheckpoint(await inFolder('lacking.index.json', index({ a: 'gone.safetensors' }))),
    ).rejects.toThrow(/gone\.safetensors does not exist/)
  })
})
