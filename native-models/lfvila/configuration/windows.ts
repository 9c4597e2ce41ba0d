import type { Window } from './config.ts'
import type { TokenGrid } from './token-grid.ts'

/**
 * How the tokens of one video are grouped into attention windows by one block.
 * Windows are ordered (frames, rows, columns), columns fastest, and so are the positions inside a window.
 */
export interface WindowLayout {
  readonly window: Window
  /** Windows of one video. */
  readonly windows: number
  /** Positions of one window. */
  readonly positions: number
  /** Windows along time; those that share a temporal window are consecutive. */
  readonly temporalWindows: number
  /**
   * For every position of every window the token (frame-major index into the grid), or −1 where the grid was padded.
   */
  readonly tokens: Int32Array
  readonly padded: boolean
  /** For every position of every window its region; attention between regions is discouraged. Null without a shift. */
  readonly regions: Int32Array | null
}

/** The reference's `get_window_size`: an axis no longer than its window gets a window of its own size and no shift. */
export function clampWindow(configured: Window, grid: TokenGrid): { window: Window; shift: Window } {
  const [frames, rows, columns] = configured
  const fits = (size: number, window: number, shift: number): [number, number] =>
    size <= window ? [size, 0] : [window, shift]
  // Time is never shifted: HTWA moves windows in space only.
  const [wd, sd] = fits(grid.frames, frames, 0)
  const [wh, sh] = fits(grid.rows, rows, Math.floor(rows / 2))
  const [ww, sw] = fits(grid.columns, columns, Math.floor(columns / 2))
  return { window: [wd, wh, ww], shift: [sd, sh, sw] }
}

/**
 * Partition of a token grid into windows, padded at the end of each axis to whole windows and, for
 * every second block, rolled back by the shift. Regions are those of the padded, rolled grid.
 */
export function windowLayout(grid: TokenGrid, configured: Window, shifted: boolean): WindowLayout {
  const { window, shift: fullShift } = clampWindow(configured, grid)
  const shift: Window = shifted ? fullShift : [0, 0, 0]
  const [wd, wh, ww] = window
  const along = [Math.ceil(grid.frames / wd), Math.ceil(grid.rows / wh), Math.ceil(grid.columns / ww)] as const
  const padded = [along[0] * wd, along[1] * wh, along[2] * ww] as const
  const windows = along[0] * along[1] * along[2]
  const positions = wd * wh * ww
  const tokens = new Int32Array(windows * positions)
  const regions = new Int32Array(windows * positions)
  let at = 0
  for (let a = 0; a < along[0]; a++) {
    for (let b = 0; b < along[1]; b++) {
      for (let c = 0; c < along[2]; c++) {
        for (let d = 0; d < wd; d++) {
          for (let h = 0; h < wh; h++) {
            for (let w = 0; w < ww; w++, at++) {
              const rolled = [a * wd + d, b * wh + h, c * ww + w] as const
              const frame = (rolled[0] + shift[0]) % padded[0]
              const row = (rolled[1] + shift[1]) % padded[1]
              const column = (rolled[2] + shift[2]) % padded[2]
              const outside = frame >= grid.frames || row >= grid.rows || column >= grid.columns
              tokens[at] = outside ? -1 : (frame * grid.rows + row) * grid.columns + column
              regions[at] =
                (region(rolled[0], { size: padded[0], window: wd, shift: shift[0] }) * 3 +
                  region(rolled[1], { size: padded[1], window: wh, shift: shift[1] })) *
                  3 +
                region(rolled[2], { size: padded[2], window: ww, shift: shift[2] })
            }
          }
        }
      }
    }
  }
  return {
    window,
    windows,
    positions,
    temporalWindows: along[0],
    tokens,
    padded: windows * positions !== grid.frames * grid.rows * grid.columns,
    regions: shift.some(amount => amount > 0) ? regions : null,
  }
}

/** The reference's three slices [0, −window), [−window, −shift), [−shift, end); an axis without shift is one region. */
function region(
  position: number,
  { size, window, shift }: { readonly size: number; readonly window: number; readonly shift: number },
): number {
  if (shift === 0) return 0
  return position < size - window ? 0 : position < size - shift ? 1 : 2
}

/**
 * Row of the configured window's bias table for every (query, key) pair of a window with `positions` tokens,
 * query-major. As in the reference, token i has the coordinates of token i of the *configured* window, also when rows
 * or columns were clamped, unless `offsets` names the window whose coordinates count.
 */
export function relativePositionIndex(configured: Window, positions: number, offsets: Window = configured): Int32Array {
  const [wd, wh, ww] = configured
  const [, rows, columns] = offsets
  const coordinates = Array.from(
    { length: positions },
    (_, token) => [Math.floor(token / (rows * columns)), Math.floor(token / columns) % rows, token % columns] as const,
  )
  const index = new Int32Array(positions * positions)
  let at = 0
  for (const query of coordinates) {
    for (const key of coordinates) {
      const [d, h, w] = [query[0] - key[0] + wd - 1, query[1] - key[1] + wh - 1, query[2] - key[2] + ww - 1]
      index[at++] = (d * (2 * wh - 1) + h) * (2 * ww - 1) + w
    }
  }
  return index
}

/** Rows of `relative_position_bias_table`. */
export const biasTableRows = ([wd, wh, ww]: Window): number => (2 * wd - 1) * (2 * wh - 1) * (2 * ww - 1)
