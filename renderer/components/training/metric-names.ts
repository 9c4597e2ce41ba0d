import type { Validation } from '../../../main/api/index.ts'
import { groupOf } from '../../charts/curves.ts'
import { formatFigure, formatPercent } from '../../format.ts'
import { i18n, t } from '../../locale/i18n.ts'

/** A metric in words; one that has none keeps its name. `metric` is as in `metrics.jsonl`, with or without its split. */
export function metricName(metric: string): string {
  const [name = metric, split = null] = metric.split('/').reverse()
  const key = `training.metric.${name.replaceAll('.', '-')}`
  const words = i18n.global.te(key) ? t(key) : name
  return split === 'validation' ? t('training.metricOf.validation', { metric: words }) : words
}

/** The figure that chose the checkpoint: `R@1 45.0 %`. */
export function bestOf({ metric, value }: Validation): string {
  return `${metricName(metric)} ${groupOf(metric) === 'quality' ? formatPercent(value) : formatFigure(value)}`
}
