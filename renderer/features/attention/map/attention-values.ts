import type { AttentionBlock, AttentionRow } from '../../../../main/api/index.ts'

/** Frame × frame map of one head, or the mean over all heads of the block when `head` is null. */
export function blockMap(block: AttentionBlock, head: number | null): number[][] {
  if (head !== null) return block.heads[head]?.map ?? []
  const [first] = block.heads
  if (!first) return []
  const count = block.heads.length
  return first.map.map((row, query) =>
    row.map((_, key) => block.heads.reduce((sum, { map }) => sum + (map[query]?.[key] ?? 0), 0) / count),
  )
}

export interface AttendedFrame {
  frame: number
  weight: number
}

/** Frames that one query frame looks at, strongest first; nothing outside its temporal window. */
export function attendedFrames(map: number[][], query: number): AttendedFrame[] {
  return (map[query] ?? [])
    .map((weight, frame) => ({ frame, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
}

export function largest(map: readonly (readonly number[])[]): number {
  return map.reduce((high, row) => row.reduce((best, value) => Math.max(best, value), high), 0) || 1
}

/**
 * Where one query patch looks: `maps` [frames of the window][rows][columns], `shares` per frame, `max` over all
 * patches.
 */
export interface PatchAttention {
  firstFrame: number
  maps: number[][][]
  shares: number[]
  max: number
}

/** One head, or the mean over heads when `head` is null. */
export function patchAttention(row: AttentionRow, head: number | null): PatchAttention {
  const heads = head === null ? row.weights : row.weights.slice(head, head + 1)
  const maps = (heads[0] ?? []).map((plane, frame) =>
    plane.map((line, y) =>
      line.map((_, x) => heads.reduce((sum, weights) => sum + (weights[frame]?.[y]?.[x] ?? 0), 0) / heads.length),
    ),
  )
  const shares = maps.map(plane =>
    plane.reduce((sum, line) => sum + line.reduce((part, weight) => part + weight, 0), 0),
  )
  return {
    firstFrame: row.firstFrame,
    maps,
    shares,
    max: maps.reduce((high, plane) => Math.max(high, largest(plane)), 0) || 1,
  }
}

/** Where one query patch looks on one frame, by every head: `share` of all its attention, `max` over the frame. */
export interface HeadOnFrame {
  readonly map: number[][]
  readonly share: number
  readonly max: number
}

/** Empty where the frame is not in the temporal window of the query. */
export function headsOnFrame({ firstFrame, weights }: AttentionRow, frame: number): HeadOnFrame[] {
  return weights.flatMap(planes => {
    const map = planes[frame - firstFrame]
    if (!map) return []
    return [{ map, share: map.flat().reduce((sum, weight) => sum + weight, 0), max: largest(map) }]
  })
}
