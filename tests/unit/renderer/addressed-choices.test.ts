import { describe, expect, it } from 'vitest'
import { cellInAddress } from '../../../renderer/features/alignment/matrix/chosen-cell.ts'
import { inOrder } from '../../../renderer/features/evaluation/evaluation-order.ts'
import { addressOfPoints, pointsInAddress } from '../../../renderer/features/map/points/addressed-points.ts'

describe('the chosen cell of an alignment', () => {
  it('counts from 1 in the address, and from 0 a clip that is not known yet', () => {
    expect(cellInAddress.write({ row: 2, column: 0 })).toBe('3.1')
    expect(cellInAddress.read('3.1')).toEqual({ row: 2, column: 0 })
    expect(cellInAddress.read(cellInAddress.write({ row: -1, column: 4 }))).toEqual({ row: -1, column: 4 })
  })

  it.each(['', '3', '3.0', 'a.b', '-1.2', '1.2.3', '1234567.1'])('is none where the address says “%s”', text => {
    expect(cellInAddress.read(text)).toBeNull()
  })
})

describe('the selected points of a map', () => {
  const map = { id: 'v1-77', count: 40 }

  it('are the same again in the same map', () => {
    const text = addressOfPoints(new Set([3, 9, 8, 7]), map)
    expect(text).toBe('v1-77~3.7-9')
    expect(pointsInAddress(text, map)).toEqual(new Set([3, 7, 8, 9]))
  })

  it('are none of another map, and no more than it has', () => {
    expect(pointsInAddress('v1-77~3', { ...map, id: 'v2-78' })).toBeNull()
    expect(pointsInAddress('v1-77~38-90', map)).toEqual(new Set([38, 39]))
    expect(pointsInAddress('v1-77~90', map)).toBeNull()
    expect(pointsInAddress(null, map)).toBeNull()
  })

  it('are left out where the address would be too long', () => {
    expect(addressOfPoints(new Set(Array.from({ length: 2000 }, (_, point) => 2 * point)), map)).toBeNull()
  })
})

describe('the list of evaluations', () => {
  type Sorted = Parameters<typeof inOrder>[0][number]
  const one = (id: string, model: string, accuracy: number | null, task: 'qa-multichoice' | 'video-classification') =>
    ({
      id,
      task,
      split: 'test',
      createdAt: Number(id),
      choice: { model, dataset: { folder: '/data/set' } },
      figures: accuracy === null ? null : { task, accuracy },
    }) as Sorted
  const list = [
    one('1', 'b10', 0.2, 'qa-multichoice'),
    one('2', 'b9', 0.9, 'video-classification'),
    one('3', 'a', null, 'qa-multichoice'),
    one('4', 'b9', 0.7, 'qa-multichoice'),
  ]
  const order = (by: Parameters<typeof inOrder>[1]) => inOrder(list, by).map(({ id }) => id)

  it('is sorted by time, and by names with the newest first among equals', () => {
    expect(order('newest')).toEqual(['4', '3', '2', '1'])
    expect(order('oldest')).toEqual(['1', '2', '3', '4'])
    expect(order('model')).toEqual(['3', '4', '2', '1'])
  })

  it('has the best figures first within a task, and those without any last', () => {
    expect(order('best')).toEqual(['4', '1', '3', '2'])
  })
})
