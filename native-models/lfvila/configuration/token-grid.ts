import type { VideoConfig, Window } from './config.ts'
import { clampWindow } from './windows.ts'

/** The tokens of one video at one layer: frames × rows × columns, `channels` wide. */
export interface TokenGrid {
  readonly frames: number
  readonly rows: number
  readonly columns: number
  readonly channels: number
}

/** A layer of the video encoder together with the grid it works on. */
export interface StageGeometry {
  readonly grid: TokenGrid
  readonly heads: number
  readonly depth: number
  readonly configured: Window
  /** The configured window, made smaller where the grid is smaller. */
  readonly window: Window
  /** The window whose offsets the tokens' position bias is looked up by. */
  readonly offsetWindow: Window
  readonly merges: boolean
}

export const tokenCount = (grid: TokenGrid): number => grid.frames * grid.rows * grid.columns

/** Patch merging halves rows and columns, rounding up, and doubles the channels. */
export const mergedGrid = (grid: TokenGrid): TokenGrid => ({
  frames: grid.frames,
  rows: Math.ceil(grid.rows / 2),
  columns: Math.ceil(grid.columns / 2),
  channels: grid.channels * 2,
})

/**
 * The grid right after patch embedding: as the reference's convolution, without what is left over, unless frames are
 * padded.
 */
export function patchGrid(config: VideoConfig): TokenGrid {
  const [height, width] = config.inputSize
  const [patchRows, patchColumns] = config.patchSize
  const whole = config.corrections.padToPatches ? Math.ceil : Math.floor
  return {
    frames: config.frames,
    rows: whole(height / patchRows),
    columns: whole(width / patchColumns),
    channels: config.embedDim,
  }
}

/** Grid and window of every layer, and the grid of the final map. */
export function videoGeometry(config: VideoConfig): {
  readonly stages: readonly StageGeometry[]
  readonly final: TokenGrid
} {
  let grid = patchGrid(config)
  const stages = config.stages.map((stage): StageGeometry => {
    const { window } = clampWindow(stage.window, grid)
    const offsetWindow = config.corrections.ownWindowOffsets ? window : stage.window
    const geometry = {
      grid,
      heads: stage.heads,
      depth: stage.depth,
      configured: stage.window,
      window,
      offsetWindow,
      merges: stage.merges,
    }
    if (stage.merges) grid = mergedGrid(grid)
    return geometry
  })
  return { stages, final: grid }
}
