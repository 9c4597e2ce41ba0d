import { readFileSync } from 'node:fs'
import { z } from 'zod'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const windowState = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  maximised: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

export const smallest = { width: 900, height: 600 }
const usual = { width: 1440, height: 900 }
/** Pixels of the window that must lie on a display for the user to get hold of it. */
const graspable = 120

/**
 * The window as it was left, if that is still on one of the displays (their work areas, the first is the main one);
 * otherwise centred.
 */
export function restoreWindowState(path: string, workAreas: Rectangle[]): WindowState {
  const saved = readState(path)
  const area =
    saved &&
    workAreas.find(
      one =>
        overlap({ start: saved.x, length: saved.width, otherStart: one.x, otherLength: one.width }) >= graspable &&
        overlap({ start: saved.y, length: saved.height, otherStart: one.y, otherLength: one.height }) >= graspable,
    )
  if (saved && area) {
    return {
      ...saved,
      width: fit(saved.width, smallest.width, area.width),
      height: fit(saved.height, smallest.height, area.height),
    }
  }

  const main = workAreas[0] ?? { x: 0, y: 0, ...usual }
  const width = fit(usual.width, smallest.width, main.width)
  const height = fit(usual.height, smallest.height, main.height)
  return {
    x: Math.round(main.x + (main.width - width) / 2),
    y: Math.round(main.y + (main.height - height) / 2),
    width,
    height,
    maximised: false,
  }
}

/** A missing or damaged file is no failure: the window opens in its usual place. */
function readState(path: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

interface Spans {
  readonly start: number
  readonly length: number
  readonly otherStart: number
  readonly otherLength: number
}

function overlap({ start, length, otherStart, otherLength }: Spans): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}

function fit(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), Math.min(least, most))
}
