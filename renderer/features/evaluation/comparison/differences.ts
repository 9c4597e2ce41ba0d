import type { Comparison } from '../../../../main/api/index.ts'
import { formatNumber, formatPercent } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'

type Row = Comparison['metrics'][number]

const isRank = (metric: string): boolean => metric.endsWith('Rank')

/** A figure as its table shows it: a rank, or per cent. */
export function figureText(metric: string, value: number): string {
  return isRank(metric) ? formatNumber(value) : formatPercent(value)
}

/** A difference with its sign, in the figure's own unit; of per cent they are points. */
function signed(metric: string, value: number): string {
  const text = isRank(metric) ? String(Number(Math.abs(value).toFixed(2))) : (100 * Math.abs(value)).toFixed(1)
  return `${Number(text) === 0 ? '±' : value < 0 ? '−' : '+'}${text}`
}

/** Second less first. */
export function differenceText({ metric, first, second }: Row): string {
  return signed(metric, second - first)
}

export function intervalText({ metric, interval: { low, high } }: Row): string {
  return t('evaluation.compare.range', { low: signed(metric, low), high: signed(metric, high) })
}

/** Which of both is better where the interval leaves out that there is no difference; null where it does not. */
export function settled({ metric, interval: { low, high } }: Row): 'first' | 'second' | null {
  if (low <= 0 && high >= 0) return null
  return low > 0 === isRank(metric) ? 'first' : 'second'
}
