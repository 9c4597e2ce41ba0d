import { formatTime } from '../../../locale/format.ts'

/** `1:02.500`. */
export function writeTime(seconds: number): string {
  return formatTime(seconds, 3)
}

/** Seconds of `62.5`, `1:02,5` or `1:01:02.5`; null for what is no time. */
export function readTime(text: string): number | null {
  const parts = /^\s*(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d*)?)\s*$/.exec(text)
  if (!parts) return null
  const [hours, minutes, seconds] = parts.slice(1).map(part => Number((part ?? '0').replace(',', '.')))
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}
