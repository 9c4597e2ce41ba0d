import { spoken, timedCues, ToldLines } from './line-cues.ts'
import type { CountedCue, LineCues } from './line-cues.ts'

const scriptFields = ['layer', 'start', 'end', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text']
const scriptClock = /^(\d{1,4}):([0-5]?\d):([0-5]?\d(?:[.:]\d{1,3})?)$/

/** SubStation Alpha (SSA, ASS): its `Dialogue` lines by the fields of its `Format`, without styles and drawings. */
export function scriptCues(text: string): LineCues {
  const [lost, bent, cues] = [new ToldLines(), new ToldLines(), [] as CountedCue[]]
  let [fields, inEvents] = [scriptFields as readonly string[], true]
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const [, section] = /^\s*\[([^\]]{1,60})\]\s*$/.exec(line) ?? []
    if (section !== undefined) inEvents = section.trim().toLowerCase() === 'events'
    const [, kind, rest = ''] = /^\s*(Format|Dialogue)\s*:(.*)$/i.exec(line) ?? []
    if (!inEvents || kind === undefined) continue
    if (kind.toLowerCase() === 'format') {
      fields = rest.split(',').map(field => field.trim().toLowerCase())
      continue
    }
    const cells = rest.split(',')
    const cell = (name: string) => (cells[fields.indexOf(name)] ?? '').trim()
    const [start, end] = [scriptSeconds(cell('start')), scriptSeconds(cell('end'))]
    const isWhole = cells.length >= fields.length && fields.at(-1) === 'text'
    if (start === null || end === null || !isWhole) {
      lost.add(index, line)
      continue
    }
    if (end < start) bent.add(index, line)
    const said = cells
      .slice(fields.length - 1)
      .join(',')
      .replace(/\{[^{}]{0,300}\\p[1-9][^{}]{0,300}\}[^{]*/g, '')
      .replace(/\{[^{}]{0,2000}\}/g, '')
    cues.push({ start, end: Math.max(start, end), text: spoken(said) })
  }
  return { sentences: timedCues(cues, 1), lost: lost.told, bent: bent.told }
}

function scriptSeconds(cell: string): number | null {
  const [, hours, minutes, seconds] = scriptClock.exec(cell) ?? []
  return seconds === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(':', '.'))
}
