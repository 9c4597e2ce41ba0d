import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNpy } from '../../../main/verify/npy.ts'
import { folderOfTest } from '../../support/folders.ts'

/** A file as numpy.save writes it. */
function npy(header: string, body: Uint8Array, version = 1): Buffer {
  const text = `${header}\n`
  const start = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    ...(version === 1 ? [text.length, 0] : [text.length, 0, 0, 0]),
  ])
  return Buffer.concat([start, Buffer.from(text, 'latin1'), body])
}
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

async function file(content: Uint8Array): Promise<string> {
  const path = join(folderOfTest('models'), 'array.npy')
  await writeFile(path, content)
  return path
}

describe('reading arrays of numpy.save', () => {
  it.each([
    ['<f4', bytesOf(Float32Array.of(1.5, -2, 3)), [1.5, -2, 3]],
    ['<f8', bytesOf(Float64Array.of(1e300, -2, 3)), [1e300, -2, 3]],
    ['<f2', bytesOf(Uint16Array.of(0x3e00, 0xc000, 0x0001)), [1.5, -2, 2 ** -24]],
    ['<i4', bytesOf(Int32Array.of(-1, 2, 3)), [-1, 2, 3]],
    ['<i8', bytesOf(BigInt64Array.of(-1n, 2n, 30522n)), [-1, 2, 30522]],
    ['|u1', Uint8Array.of(0, 128, 255), [0, 128, 255]],
    ['|b1', Uint8Array.of(0, 1, 1), [0, 1, 1]],
  ])('type %s', async (type, body, values) => {
    for (const version of [1, 2]) {
      const { shape, data } = await readNpy(await file(npy(header(type, '(3, 1)'), body, version)))
      expect(shape).toEqual([3, 1])
      expect([...data]).toEqual(values)
    }
  })

  it('a scalar', async () => {
    expect(await readNpy(await file(npy(header('<f4', '()'), bytesOf(Float32Array.of(7)))))).toEqual({
      shape: [],
      data: Float32Array.of(7),
    })
  })

  it('a shape of long integers, as Python 2 wrote them', async () => {
    expect((await readNpy(await file(npy(header('<f4', '(2L, 1L)'), bytesOf(Float32Array.of(7, 8)))))).shape).toEqual([
      2, 1,
    ])
  })

  it.each([
    ['no array', Buffer.from('PK\x03\x04 something else'), 'does not begin'],
    ['an empty file', Buffer.alloc(0), 'does not begin'],
    ['a shortened file', npy(header('<f4', '(1000,)'), new Uint8Array(40)), 'ends before its 1000 values'],
    ['an array beyond all bounds', npy(header('<f4', '(1000000, 1000000)'), new Uint8Array(40)), 'ends before'],
    ['big-endian numbers', npy(header('>f4', '(1,)'), new Uint8Array(4)), '>f4'],
    ['Python objects', npy(header('|O', '(1,)'), new Uint8Array(4)), '|O'],
    [
      'a type inherited from Object',
      npy(header('constructor', '(1,)'), new Uint8Array(4)),
      'its type constructor is not one of',
    ],
    ['a shape that is no list of counts', npy(header('<f4', '(1 2,)'), new Uint8Array(8)), 'its shape is none'],
    ['Fortran order', npy(header('<f4', '(1,)', 'True'), new Uint8Array(4)), 'Fortran'],
    ['another header', npy('import os', new Uint8Array(4)), 'lacks descr'],
  ])('%s is refused with the reason', async (_what, content, reason) => {
    const path = await file(content)
    await expect(readNpy(path)).rejects.toMatchObject({
      code: 'fixture-file',
      message: expect.stringContaining(reason),
    })
    await expect(readNpy(path)).rejects.toThrow(path)
  })
})
