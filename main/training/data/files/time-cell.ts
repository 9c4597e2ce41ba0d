const decimal = String.raw`\d+(?:[.,]\d+)?|[.,]\d+`
const seconds = new RegExp(`^([+-]?)(${decimal})\\s*s?$`, 'i')
const clock = new RegExp(String.raw`^([+-]?)(?:(\d+):)?(\d+):(${decimal})$`)

/**
 * Seconds of a time as tables have it: `12.5`, `12,5`, `12.5 s`, `1:02`, `00:01:02.5`, `00:01:02,5`; negative ones too,
 * which whoever reads the row must judge. Null for an empty cell, undefined for one that is no time.
 */
export function timeIn(cell: string): number | null | undefined {
  const text = cell.trim()
  if (text === '' || /^(nan|null|none|n\/?a)$/i.test(text)) return null
  const [, sign, whole] = seconds.exec(text) ?? []
  if (whole !== undefined) return signed(sign, number(whole))
  const [, side, hours, minutes, rest] = clock.exec(text) ?? []
  if (minutes === undefined || rest === undefined) return undefined
  const [minute, second] = [Number(minutes), number(rest)]
  if (second >= 60 || (hours !== undefined && minute >= 60)) return undefined
  return signed(side, Number(hours ?? 0) * 3600 + minute * 60 + second)
}

function number(text: string): number {
  return Number(text.replace(',', '.'))
}

function signed(sign: string | undefined, value: number): number {
  return sign === '-' ? -value : value
}
