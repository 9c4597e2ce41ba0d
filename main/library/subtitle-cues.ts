import type { Caption } from '../api/library.ts'

/** `01:02:03,450` (SubRip) or `02:03.450` (WebVTT), hours optional in both. */
const CLOCK = String.raw`(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})`
const TIMES = new RegExp(`^\\s*${CLOCK}\\s*-->\\s*${CLOCK}(?:\\s|$)`)

/**
 * The cues of a SubRip or WebVTT text, each as one sentence: lines joined, tags and entities resolved, times in seconds.
 * Whatever is no cue (numbers, headers, notes, styles) is passed over, and so are cues without text. `broken` counts
 * lines with an arrow that are no times.
 */
export function parseCues(text: string): { cues: Caption[], broken: number } {
  const cues: Caption[] = []
  let broken = 0
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (!line.includes('-->')) continue
    const times = TIMES.exec(line)
    if (!times) {
      broken += 1
      continue
    }
    const spoken: string[] = []
    // A cue ends at an empty line; where that is forgotten, before the number or times of the next.
    while (index + 1 < lines.length && lines[index + 1]?.trim() !== '' && !startsCue(lines, index + 1)) {
      index += 1
      spoken.push(lines[index] ?? '')
    }
    const sentence = plainText(spoken.join(' '))
    const start = seconds(times.slice(1, 5))
    const end = seconds(times.slice(5, 9))
    if (sentence !== '') cues.push({ text: sentence, start, end: Math.max(start, end) })
  }
  return { cues, broken }
}

function startsCue(lines: readonly string[], index: number): boolean {
  const isTimes = (line: string | undefined): boolean => line !== undefined && TIMES.test(line)
  return isTimes(lines[index]) || (/^\s*\d+\s*$/.test(lines[index] ?? '') && isTimes(lines[index + 1]))
}

function seconds([hours, minutes, whole, fraction]: readonly (string | undefined)[]): number {
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${fraction}`)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', lrm: '', rlm: '', quot: '"', apos: '\'', '#39': '\'' }

/** Without `<i>`, `<v Speaker>`, `<00:01.000>`, `{\an8}`; entities resolved; white space single. */
function plainText(marked: string): string {
  return marked
    .replace(/<\/?[a-z\d][^<>]{0,200}>/gi, '')
    .replace(/\{\\[^{}]{0,200}\}/g, '')
    .replace(/&(amp|lt|gt|nbsp|lrm|rlm|quot|apos|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}
