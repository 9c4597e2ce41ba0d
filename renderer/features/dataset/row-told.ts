import type { RowTask } from '../../../main/api/index.ts'
import { formatTime } from '../../locale/format.ts'

/** The texts of a row as one: sentences go on, a question and its answers stand apart. */
export function textTold(texts: readonly string[], task: RowTask): string {
  return texts.join(task === 'qa-multichoice' ? ' | ' : ' ')
}

/** Seconds of a row as its annotation has them: hundredths where they are not whole. */
export function rangeTold(start: number, end: number): string {
  const decimals = Number.isInteger(start) && Number.isInteger(end) ? 0 : 2
  return `${formatTime(start, decimals)}–${formatTime(end, decimals)}`
}
