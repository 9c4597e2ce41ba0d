import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNpy } from '../../../../main/verify/npy.ts'
import { countedAxis, documentOf, tableOf } from '../../../../renderer/charts/arrays/array-files.ts'
import type { NamedArray } from '../../../../renderer/charts/arrays/array-files.ts'
import { npyFile } from '../../../../renderer/charts/arrays/npy.ts'
import { folderOfTest } from '../../../support/folders.ts'

const similarity: NamedArray = {
  name: 'similarity',
  quantity: 'cosine',
  axes: [
    {
      name: 'clip',
      fields: ['clip', 'start', 'end'],
      entries: [
        [1, 0, 2.5],
        [2, 2.5, 5],
      ],
    },
    { name: 'sentence', fields: ['sentence'], entries: [['One.'], ['Two, "quoted".'], ['Three.']] },
  ],
  values: [0.5, -1, 0.25, 0, 1 / 3, 2],
}

describe('npyFile', () => {
  it('is version 1.0, little endian, in C order, its data at a multiple of 64 bytes', () => {
    const bytes = Buffer.from(npyFile([2, 3], similarity.values))
    // NEP 1: magic, version, length of the header, a Python dictionary, spaces, a newline.
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
    const header = bytes.readUInt16LE(8)
    const start = 10 + header
    expect(start % 64).toBe(0)
    const dictionary = bytes.subarray(10, start).toString('latin1')
    expect(dictionary).toMatch(/^\{'descr': '<f8', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/)
    expect(bytes.length).toBe(start + 6 * 8)
    expect(Array.from({ length: 6 }, (_, index) => bytes.readDoubleLE(start + 8 * index))).toEqual(similarity.values)
  })

  it.each([[[4]], [[2, 2]], [[1, 4, 1]]])('is read back with the shape %j', async shape => {
    const file = join(folderOfTest('npy'), 'array.npy')
    await writeFile(file, npyFile(shape, [1, 2, 3, 4]))
    expect(await readNpy(file)).toEqual({ shape, data: Float64Array.of(1, 2, 3, 4) })
  })

  it('is no file where values are missing', () => {
    expect(() => npyFile([2, 2], [1, 2, 3])).toThrow('3 values do not make 2 × 2')
  })
})

describe('tableOf', () => {
  it('lays a matrix out with the second axis across', () => {
    expect(tableOf(similarity)).toEqual([
      ['clip', 'start', 'end', 'One.', 'Two, "quoted".', 'Three.'],
      [1, 0, 2.5, 0.5, -1, 0.25],
      [2, 2.5, 5, 0, 1 / 3, 2],
    ])
  })

  it('gives more axes, or one, a row for each value', () => {
    const cube: NamedArray = {
      name: 'heads',
      quantity: 'weight',
      axes: [countedAxis('head', 2), countedAxis('row', 1), countedAxis('column', 2)],
      values: [1, 2, 3, 4],
    }
    expect(tableOf(cube)).toEqual([
      ['head', 'row', 'column', 'weight'],
      [1, 1, 1, 1],
      [1, 1, 2, 2],
      [2, 1, 1, 3],
      [2, 1, 2, 4],
    ])
    expect(tableOf({ ...cube, axes: [countedAxis('place', 4)] }).at(-1)).toEqual([4, 4])
  })
})

describe('documentOf', () => {
  it('names every place of every axis, and nests the values as the shape says', () => {
    const { shape, axes, values, provenance } = documentOf(similarity, { software: 'test' }) as {
      shape: number[]
      axes: unknown[]
      values: number[][]
      provenance: object
    }
    expect(shape).toEqual([2, 3])
    expect(values).toEqual([
      [0.5, -1, 0.25],
      [0, 1 / 3, 2],
    ])
    expect(axes[0]).toEqual({
      name: 'clip',
      entries: [
        { clip: 1, start: 0, end: 2.5 },
        { clip: 2, start: 2.5, end: 5 },
      ],
    })
    expect(provenance).toEqual({ software: 'test' })
  })
})
