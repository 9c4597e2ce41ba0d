/** A line of times and what follows them. Seconds, below 0 where the file says so. */
export interface CueTimes {
  readonly start: number
  readonly end: number
  /** Words of the cue that stand behind its times. */
  readonly rest: string
  /** Settings of WebVTT (`align:start`) and coordinates of SubRip (`X1:40`), as they stand there. */
  readonly settings: string
}

const clock = String.raw`-?\d+(?:\s?[:.,;]\s?-?\d+){0,3}`
const times = new RegExp(String.raw`^\s*(${clock})\s*-{1,2}>\s*(${clock})(?:\s+(.*))?$`)
/** `-->` as people write it otherwise; words may hold such signs, so that the clocks beside them have a colon. */
const arrow = String.raw`(?:[-=][-=\s]*>|→|⇒)`
const colonClock = String.raw`-?\d+\s?:${clock}`
const drawn = new RegExp(String.raw`^\s*(${colonClock})\s*${arrow}\s*(${colonClock})(?:\s+(.*))?$`)
/** Between two full clocks a dash or a comma says the same. */
const fullClock = String.raw`\d{1,2}:\d{2}:\d{2}[:.,;]\d{2,3}`
const dashed = new RegExp(String.raw`^\s*(${fullClock})\s*(?:-{1,3}|,)\s*(${fullClock})\s*$`)
const settings = /^(?:[\w-]+:\S*\s*)*$/
/** Digits, colons and the like, as where times are meant. */
const likeTimes = /^[\s\d:.,;+-]*$/

/** The times of a cue in any of the spellings that people have; null when the line gives none. */
export function parseTimes(line: string): CueTimes | null {
  const plain = plainSigns(line)
  const found = times.exec(plain) ?? drawn.exec(plain) ?? dashed.exec(plain)
  const [start, end] = [parseClock(found?.[1] ?? ''), parseClock(found?.[2] ?? '')]
  if (start === null || end === null) return null
  const rest = (found?.[3] ?? '').trim()
  const areSettings = settings.test(rest)
  return { start, end, rest: areSettings ? '' : rest, settings: areSettings ? rest : '' }
}

/** Whether a line with an arrow was meant to give times, although none can be read from it. */
export function isMeantAsTimes(line: string, before: string | undefined): boolean {
  const [first = '', second] = plainSigns(line).split('-->')
  if (second === undefined) return false
  return isNumber(before) || likeTimes.test(first) || (second.includes(':') && likeTimes.test(second))
}

/** The number by which SubRip counts its cues. */
export function isNumber(line: string | undefined): boolean {
  return line !== undefined && /^\s*\d+\s*$/.test(plainSigns(line))
}

/**
 * Full-width digits and signs, and the digits of Arabic and Persian, as plain ones; dashes as a hyphen, signs that look
 * like a point's as one, and no brackets around a clock nor the letter of seconds behind it.
 */
function plainSigns(line: string): string {
  return line
    .replace(/[\uff01-\uff5e]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 15))
    .replaceAll('&gt;', '>')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/(?<=\d)[。`´’'٫·](?=\d)/g, '.')
    .replace(/[[(](-?\d[\d:.,;]*)[\])]/g, '$1')
    .replace(/(?<=\d[:.,;]\d+)s(?![a-z])/gi, '')
}

/**
 * `01:02:03,450` and `02:03.450` as the formats have it; without a fraction, with a colon before it, with any number of
 * its digits; seconds with a fraction. Of three numbers the last is a fraction after a sign of its own or with three
 * digits. A minus before the whole or one of its numbers is one of the whole; none is before a fraction. Minutes and
 * seconds below a larger number are below 60, but for the 60 that rounding makes.
 */
export function parseClock(text: string): number | null {
  const parts = text.split(/[:.,;]/).map(part => part.trim())
  const numbers = parts.map(part => part.replace('-', ''))
  const signs = text.replace(/[^:.,;]/g, '')
  const last = numbers.at(-1) ?? ''
  const isPointed = /[.,]$/.test(signs) && (numbers.length === 2 || signs[0] !== signs.at(-1))
  const hasFraction = numbers.length === 4 || isPointed || (numbers.length === 3 && last.length >= 3)
  if (numbers.length < 2 || (numbers.length === 4 && last === '')) return null
  if (hasFraction && parts.at(-1)?.startsWith('-') === true) return null
  const whole = hasFraction ? numbers.slice(0, -1) : numbers
  if (whole.slice(1).some(number => Number(number) > 60)) return null
  const seconds = whole.reduce((sum, number) => sum * 60 + Number(number), 0) + (hasFraction ? Number(`0.${last}`) : 0)
  if (!Number.isFinite(seconds)) return null
  return text.includes('-') ? -seconds : seconds
}
