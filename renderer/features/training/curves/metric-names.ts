import type { Run } from '../../../../main/api/index.ts'
import { formatCount, formatNumber, formatPercent } from '../../../locale/format.ts'
import { i18n, t } from '../../../locale/i18n.ts'
import { groupOf } from './curves.ts'

/**
 * A metric in words; one that has none keeps its name. `metric` is as in `metrics.jsonl`, with or without its split.
 */
export function metricName(metric: string): string {
  const [name = metric, split = null] = metric.split('/').reverse()
  const key = `training.metric.${name.replaceAll('.', '-')}`
  const words = i18n.global.te(key) ? t(key) : name
  return split === 'validation' ? t('training.metricOf.validation', { metric: words }) : words
}

/** The figure that chose a run's checkpoint, and over how many examples: `R@1 45.0 % (n = 120)`. */
export function bestOf({ best, counts }: Pick<Run, 'best' | 'counts'>): string {
  if (!best) return '–'
  const value = groupOf(best.metric) === 'quality' ? formatPercent(best.value) : formatNumber(best.value)
  return withCount(`${metricName(best.metric)} ${value}`, counts?.validation ?? null)
}

/** A figure with the number of examples that it is taken over. */
export function withCount(figure: string, count: number | null): string {
  return count === null ? figure : t('training.withCount', { figure, count: formatCount(count) })
}
