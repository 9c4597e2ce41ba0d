const decimal = String.raw`\d+(?:[.,]\d+)?|[.,]\d+`
const seconds = new RegExp(`^([+-]?)(${decimal})(?:e([+-]?\\d+))?$`, 'i')
/** Milliseconds may stand behind a colon, as some subtitles have them; two digits there would count frames. */
const clock = new RegExp(String.raw`^([+-]?)(?:0 days? )?(?:(\d+):)?(\d+):(${decimal}|\d+:\d{3})$`, 'i')
const unit = (names: string): string => `(?:(${decimal})\\s*(?:${names})\\s*)?`
/** `1h02m03s`, `2 min`, `90 sec`, `1500 ms`, and ISO 8601's `PT1M2.5S`. */
const units = new RegExp(
  `^(?=.*\\d)([+-]?)(?:PT)?${unit('h|hrs?|hours?')}${unit('m|mins?|minutes?')}${unit('s|secs?|seconds?')}${unit('ms|msecs?|milliseconds?')}$`,
  'i',
)

/**
 * Seconds of a time as tables have it: `12.5`, `12,5`, `1:02`, `00:01:02.5`, `00:01:02,5`, `00:01:02:500`, `12.5 s`,
 * `1m30s`; negative ones too, which whoever reads the row must judge. Null for an empty cell, undefined for one that is
 * no time.
 */
export function timeIn(cell: string): number | null | undefined {
  const text = cell.normalize('NFKC').trim()
  if (text === '' || /^(nan|null|none|n\/?a)$/i.test(text)) return null
  const [, sign, whole, exponent] = seconds.exec(text) ?? []
  if (whole !== undefined) {
    const value = number(whole) * 10 ** Number(exponent ?? 0)
    return Number.isFinite(value) ? signed(sign, value) : undefined
  }
  const named = units.exec(text)
  if (named) {
    const [hour, minute, second, milli] = named.slice(2).map(part => number(part ?? '0'))
    return signed(named[1], (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0) + (milli ?? 0) / 1000)
  }
  const [, side, hours, minutes, rest] = clock.exec(text) ?? []
  if (minutes === undefined || rest === undefined) return undefined
  const [minute, second] = [Number(minutes), number(rest)]
  if (second >= 60 || (hours !== undefined && minute >= 60)) return undefined
  return signed(side, Number(hours ?? 0) * 3600 + minute * 60 + second)
}

function number(text: string): number {
  return Number(text.replace(/[,:]/, '.'))
}

function signed(sign: string | undefined, value: number): number {
  return sign === '-' ? -value : value
}
