import { spoken, timedCues, ToldLines } from './line-cues.ts'
import type { CountedCue, LineCues } from './line-cues.ts'

const tags = /^\s*((?:\[[^[\]]{0,200}\]\s*)+)(.*)$/
const idTag = /^([a-z#][\w ]{0,30}):(.*)$/i
/** Three numbers without a fraction could be minutes, seconds and hundredths as well as hours, minutes and seconds. */
const lyricClock = /^(?:(\d{1,3}):(?=\d{1,2}:\d{1,2}\.))?(\d{1,4}):([0-5]?\d(?:\.\d{1,3})?)$/

/**
 * LRC: `[00:12.30]words`, also with several times for words that come again, and `<00:12.80>` before a word. Words are
 * sung until the next time in the file, one without words included; the last until its `[length:…]`, where it has one.
 * A positive `[offset:…]`, milliseconds, has everything come sooner.
 */
export function lyricCues(text: string): LineCues {
  const [lost, cues] = [new ToldLines(), [] as CountedCue[]]
  let [offset, length] = [0, null as number | null]
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const [, before, said = ''] = tags.exec(line) ?? []
    const inside = [...(before ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, tag]) => (tag ?? '').trim())
    const times = inside.map(lyricSeconds)
    if (inside.length > 0 && times.every(time => time !== null)) {
      for (const start of times) cues.push({ start, end: null, text: spoken(said) })
      continue
    }
    const [, name, value = ''] = idTag.exec(inside[0] ?? '') ?? []
    if (inside.length !== 1 || name === undefined || said.trim() !== '') {
      lost.add(index, line)
    } else if (name.toLowerCase() === 'offset' && /^\s*[+-]?\d{1,9}\s*$/.test(value)) {
      offset = Number(value) / 1000
    } else if (name.toLowerCase() === 'length') {
      length = lyricSeconds(value.trim())
    }
  }
  const sentences = timedCues(cues, 1).map(({ text: said, start, end }) => {
    const from = Math.max(0, (start ?? 0) - offset)
    const to = end === null ? length : end - offset
    return { text: said, start: from, end: to === null || to < from ? null : to }
  })
  return { sentences, lost: lost.told, bent: null }
}

function lyricSeconds(tag: string): number | null {
  const [, hours = '0', minutes, seconds] = lyricClock.exec(tag) ?? []
  return minutes === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
