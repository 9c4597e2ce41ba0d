import { describe, expect, it } from 'vitest'
import type { Alignment } from '../../../main/api/index.ts'
import {
  clipAt,
  matrixValues,
  momentOfSentence,
  pathSpans,
  rankOfClip,
} from '../../../renderer/features/alignment/matrix/alignment-values.ts'
import {
  wholeZoom,
  cellAtPoint,
  cellLeft,
  cellSize,
  cellTop,
  labelSize,
} from '../../../renderer/features/alignment/matrix/matrix-layout.ts'
import type { MatrixLayout } from '../../../renderer/features/alignment/matrix/matrix-layout.ts'
import { stackSpans, timeTicks } from '../../../renderer/features/alignment/video/time-ticks.ts'
import { attendedFrames, blockMap, patchAttention } from '../../../renderer/features/attention/map/attention-values.ts'
import { formatBytes, formatScore, formatSpan, formatTime } from '../../../renderer/locale/format.ts'

const clips = [0, 4, 8, 12].map(start => ({ start, end: start + 4, thumbnail: '' }))
const sentence = (text: string) => ({ text, start: null, end: null })
const alignment: Alignment = {
  videoId: 1,
  duration: 16,
  pass: 'dense',
  clips,
  sentences: ['one', 'two', 'three'].map(sentence),
  similarity: [
    [0.9, 0.1, 0.0],
    [0.8, 0.3, 0.1],
    [0.1, 0.2, 0.7],
    [0.0, 0.4, 0.9],
  ],
  path: [0, 0, 2, 2],
  windows: [],
  temperature: 0.05,
  model: 'test',
  warnings: [],
}

describe('the values of the matrix', () => {
  it('leaves cosines alone and says their range', () => {
    const shown = matrixValues(alignment, 'cosine')
    expect(shown.values).toBe(alignment.similarity)
    expect([shown.min, shown.max]).toEqual([0, 0.9])
  })

  it('makes every sentence sum to one over the clips, every clip over the sentences', () => {
    const overClips = matrixValues(alignment, 'over-clips').values
    for (const column of [0, 1, 2]) {
      expect(overClips.reduce((sum, row) => sum + (row[column] ?? 0), 0)).toBeCloseTo(1, 12)
    }
    // Two clips 0.1 apart at temperature 0.05: e² = 7.389 to 1.
    expect((overClips[0]?.[0] ?? 0) / (overClips[1]?.[0] ?? 1)).toBeCloseTo(Math.exp(2), 9)
    for (const row of matrixValues(alignment, 'over-sentences').values) {
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
    }
  })

  it('shares at the temperature of the model', () => {
    const [row = []] = matrixValues({ similarity: [[0.3, 0.1]], temperature: 0.1 }, 'over-sentences').values
    // 0.2 apart at temperature 0.1: e² to 1.
    expect(row[0]).toBeCloseTo(0.880797, 6)
    expect(row[1]).toBeCloseTo(0.119203, 6)
  })

  it('ranks a clip among all clips of its sentence', () => {
    expect([0, 1, 2, 3].map(clip => rankOfClip(alignment.similarity, clip, 2))).toEqual([4, 3, 2, 1])
  })
})

describe('sentences in time', () => {
  it('joins the clips that the path gives to one sentence', () => {
    expect(pathSpans(alignment)).toEqual([
      { sentence: 0, start: 0, end: 8 },
      { sentence: 2, start: 8, end: 16 },
    ])
  })

  it('finds a sentence that the path leaves out at its most similar clip', () => {
    expect(momentOfSentence(alignment, 2)).toBe(8)
    expect(momentOfSentence(alignment, 1)).toBe(12)
  })

  it('gives every moment its clip', () => {
    expect([0, 3.9, 4, 15.9, 99].map(time => clipAt(alignment, time))).toEqual([0, 0, 1, 3, 3])
  })

  it('puts overlapping spans into rows of their own', () => {
    const rows = stackSpans([
      { start: 0, end: 5 },
      { start: 4, end: 6 },
      { start: 5, end: 9 },
    ]).map(({ lane }) => lane)
    expect(rows).toEqual([0, 1, 0])
  })
})

describe('the layout of the matrix', () => {
  const layoutOf = (rows: number, columns: number, zoom: number, scrollTop: number): MatrixLayout => {
    const pane = { width: 640, height: 480 }
    const cell = cellSize(pane, { rows, columns, zoom })
    const labels = labelSize(pane, rows)
    return {
      ...pane,
      rows,
      columns,
      bodyLeft: labels.width,
      pictureLeft: labels.pictureLeft,
      pictureWidth: labels.picture,
      bodyTop: 44,
      cellWidth: cell.width,
      cellHeight: cell.height,
      scrollLeft: 0,
      scrollTop,
    }
  }

  it.each([
    [4, 3, 1, 0],
    [32, 8, 1, 0],
    [420, 36, 1, 900],
    [420, 36, 0.05, 0],
  ])('finds the cell under its own middle: %i × %i at zoom %d', (rows, columns, zoom, scrollTop) => {
    const layout = layoutOf(rows, columns, zoom, scrollTop)
    const row = Math.min(rows - 1, Math.ceil(scrollTop / layout.cellHeight) + 2)
    expect(cellAtPoint(layout, cellLeft(layout, 1.5), cellTop(layout, row + 0.5))).toEqual({ row, column: 1 })
  })

  it('fills the pane with a small matrix, and shows all of a large one when zoomed out', () => {
    const small = layoutOf(4, 3, 1, 0)
    expect(small.bodyTop + 4 * small.cellHeight).toBeGreaterThan(460)
    const large = layoutOf(200, 8, 0.05, 0)
    expect(large.bodyTop + 200 * large.cellHeight).toBeLessThanOrEqual(480)
  })

  it.each([
    [2, 2],
    [1, 400],
    [400, 1],
    [60, 400],
    [400, 60],
    [400, 400],
  ])('shows the whole matrix along both axes: %i clips × %i sentences', (rows, columns) => {
    const whole = layoutOf(rows, columns, wholeZoom, 0)
    for (const zoom of [wholeZoom, 0.001]) {
      const { bodyLeft, bodyTop, cellWidth, cellHeight } = layoutOf(rows, columns, zoom, 0)
      expect(bodyLeft + columns * cellWidth).toBeLessThanOrEqual(640)
      expect(bodyTop + rows * cellHeight).toBeLessThanOrEqual(480)
      expect(cellWidth).toBe(whole.cellWidth)
    }
    // It fills the pane but for its margins.
    expect(whole.bodyLeft + columns * whole.cellWidth).toBeGreaterThan(620)
    expect(whole.bodyTop + rows * whole.cellHeight).toBeGreaterThan(465)
  })
})

describe('attention', () => {
  const head = (map: number[][]) => ({ map, entropy: 0, distance: 0 })
  const block = {
    stage: 0,
    block: 0,
    window: 2,
    heads: [
      head([
        [1, 0],
        [0.5, 0.5],
      ]),
      head([
        [0.5, 0.5],
        [0, 1],
      ]),
    ],
  }

  it('averages the heads, or shows one', () => {
    expect(blockMap(block, null)).toEqual([
      [0.75, 0.25],
      [0.25, 0.75],
    ])
    expect(blockMap(block, 1)).toEqual([
      [0.5, 0.5],
      [0, 1],
    ])
  })

  it('ranks the frames that a frame looks at, and leaves out what it does not see', () => {
    expect(attendedFrames([[0.2, 0.8, 0]], 0)).toEqual([
      { frame: 1, weight: 0.8 },
      { frame: 0, weight: 0.2 },
    ])
  })

  it('sums what one patch gives to each frame', () => {
    const { shares, max } = patchAttention(
      {
        firstFrame: 4,
        weights: [
          [[[0.1, 0.3]], [[0.6, 0]]],
          [[[0.3, 0.1]], [[0.2, 0.4]]],
        ],
      },
      null,
    )
    expect(shares.map(share => Number(share.toFixed(9)))).toEqual([0.4, 0.6])
    expect(max).toBeCloseTo(0.4, 9)
  })
})

describe('figures in words', () => {
  it('writes times, spans, sizes and scores', () => {
    expect([formatTime(0), formatTime(252.44, 1), formatTime(3725)]).toEqual(['0:00', '4:12.4', '1:02:05'])
    expect([formatSpan(40), formatSpan(265), formatSpan(316_800)]).toEqual(['40 s', '4 min 25 s', '88 h'])
    expect([formatBytes(999), formatBytes(412_000_000)]).toEqual(['999 B', '412 MB'])
    expect([formatScore(-0.123), formatScore(-0.001), formatScore(0.5)]).toEqual(['−0.12', '0.00', '0.50'])
  })

  it('keeps the marks of a time axis apart', () => {
    expect(timeTicks({ from: 0, to: 252 }, 460)).toEqual([0, 60, 120, 180, 240])
    expect(timeTicks({ from: 10.3, to: 12.3 }, 460)).toEqual([10.5, 11, 11.5, 12])
    expect(timeTicks({ from: 0, to: 0 }, 460)).toEqual([])
  })
})
