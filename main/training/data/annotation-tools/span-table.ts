import type { Span } from './spans.ts'

const header = ['video', 'start', 'end', 'text', 'tier', 'annotation_id', 'source']

/**
 * Spans as a table that spreadsheets open and that is read again with its marks: RFC 4180, UTF-8, seconds with three
 * decimals.
 */
export function spanTable(spans: readonly Span[]): string {
  const rows = spans.map(({ video, start, end, text, mark }) => [
    video,
    seconds(start),
    seconds(end),
    text,
    mark?.tier ?? '',
    mark?.id ?? '',
    mark?.source ?? '',
  ])
  return [header, ...rows].map(cells => `${cells.map(cell).join(',')}\r\n`).join('')
}

function seconds(time: number): string {
  return String(Number(time.toFixed(3)))
}

function cell(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
