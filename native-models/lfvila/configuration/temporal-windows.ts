import type { VideoConfig } from './config.ts'
import { videoGeometry } from './token-grid.ts'

/** What one stage of the video encoder attends over. */
export interface TemporalStage {
  readonly heads: number
  readonly blocks: number
  /** Patch grid of one frame. */
  readonly rows: number
  readonly columns: number
  /** Frames of one temporal window. */
  readonly window: number
  /** First frame of each temporal window; windows do not overlap, and time is never shifted. */
  readonly starts: readonly number[]
}

/** The temporal windows of every stage, from short to long: the hierarchy that HTWA is named for. */
export function temporalWindows(config: VideoConfig): TemporalStage[] {
  return videoGeometry(config).stages.map(({ grid, heads, depth, window }) => ({
    heads,
    blocks: depth,
    rows: grid.rows,
    columns: grid.columns,
    window: window[0],
    starts: Array.from({ length: Math.ceil(grid.frames / window[0]) }, (_, index) => index * window[0]),
  }))
}
