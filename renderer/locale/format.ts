import type { JobProgress } from '../../main/api/index.ts'
import { i18n, languageTag, t } from './i18n.ts'

const minute = 60
const hour = 3600

/** Seconds as `m:ss` or `h:mm:ss`, with `decimals` digits after the seconds. */
export function formatTime(seconds: number, decimals = 0): string {
  const scale = 10 ** decimals
  const rounded = Math.floor(Math.max(0, seconds) * scale + 1e-6) / scale
  const h = Math.floor(rounded / hour)
  const m = Math.floor((rounded % hour) / minute)
  const s = (rounded % minute).toFixed(decimals).padStart(decimals ? 3 + decimals : 2, '0')
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}

export function formatRange(start: number, end: number): string {
  return `${formatTime(start)}–${formatTime(end)}`
}

/** A long duration in words: `88 h`, `12 min`, `40 s` in English. */
export function formatSpan(duration: number): string {
  const seconds = Math.max(0, Math.round(duration))
  if (seconds >= 10 * hour) return t('format.hours', { hours: formatCount(Math.round(seconds / hour)) })
  if (seconds >= hour) {
    const [hours, minutes] = [Math.floor(seconds / hour), Math.floor((seconds % hour) / minute)]
    return t('format.hoursMinutes', { hours, minutes })
  }
  if (seconds >= minute) {
    const rest = seconds % minute
    return rest && seconds < 10 * minute
      ? t('format.minutesSeconds', { minutes: Math.floor(seconds / minute), seconds: rest })
      : t('format.minutes', { minutes: Math.round(seconds / minute) })
  }
  return t('format.seconds', { seconds })
}

export function formatCount(count: number): string {
  return new Intl.NumberFormat(languageTag()).format(count)
}

/** Bytes in powers of 1000, as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`
}

/** Number of weights: `207 M`. */
export function formatParameters(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(count >= 1e8 ? 0 : 1)} M`
  return count >= 1e3 ? `${Math.round(count / 1e3)} k` : String(count)
}

/** A score with a true minus sign, so that columns of figures line up. */
export function formatScore(score: number, decimals = 2): string {
  const text = Math.abs(score).toFixed(decimals)
  return score < 0 && Number(text) !== 0 ? `−${text}` : text
}

export function formatDate(milliseconds: number): string {
  return new Intl.DateTimeFormat(languageTag(), { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds)
}

/** A measured value of any size with four digits at most, the exponent only where it shortens: `0.0312`, `5e−5`. */
export function formatNumber(value: number): string {
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  const text =
    magnitude < 1e-3 || magnitude >= 1e6
      ? magnitude
          .toExponential(3)
          .replace(/\.?0+e/, 'e')
          .replace('e+', 'e')
      : String(Number(magnitude.toPrecision(4)))
  return (value < 0 ? '−' : '') + text.replace('-', '−')
}

/** A fraction as percent: `93.8 %`. */
export function formatPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`
}

/** Units per second, per minute where they are slower than that: `3.1/s`, `31.5/min`. */
function formatRate(perSecond: number): string {
  if (perSecond >= 10) return t('format.perSecond', { count: perSecond.toFixed(0) })
  return perSecond >= 0.95
    ? t('format.perSecond', { count: perSecond.toFixed(1) })
    : t('format.perMinute', { count: (perSecond * 60).toFixed(1) })
}

/**
 * How far a job is: `214 of 1,036 videos · 3.1/s · 4 min 25 s left` in English, which are the words of the command
 * line.
 */
export function formatProgress({ done, total, unit, rate, secondsLeft }: JobProgress): string {
  if (done === 0 && total === null) return t('format.starting')
  const amount = unit === 'bytes' ? formatBytes : formatCount
  const parts =
    unit === '%'
      ? [`${Math.round(done)} %`]
      : [total === null ? amount(done) : t('format.ofTotal', { done: amount(done), total: amount(total) })]
  if (unit !== '%' && unit !== 'bytes') {
    parts.splice(0, 1, counted(parts[0] ?? '', unit))
  }
  if (rate !== null && rate > 0 && unit !== '%') {
    parts.push(unit === 'bytes' ? t('format.perSecond', { count: formatBytes(Math.round(rate)) }) : formatRate(rate))
  }
  if (secondsLeft !== null) parts.push(t('format.left', { span: formatSpan(secondsLeft) }))
  return parts.join(' · ')
}

/** What a job has done, in its unit. */
export function formatAmount(done: number, unit: string): string {
  return unit === 'bytes' ? formatBytes(done) : counted(formatCount(done), unit)
}

function counted(amount: string, unit: string): string {
  const named = i18n.global.te(`format.unit.${unit}`) ? t(`format.unit.${unit}`) : unit
  return t('format.counted', { amount, unit: named })
}

/** The last part of a path of any machine. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path
}
