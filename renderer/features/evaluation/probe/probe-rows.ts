import type { TimeProbe } from '../../../../main/api/index.ts'
import { formatCount, formatPercent } from '../../../locale/format.ts'
import { t } from '../../../locale/i18n.ts'
import type { MetricTable } from '../metrics/metric-rows.ts'

/** What the time probe found, a row for each change. @param retrieves whether the figure is recall, not accuracy. */
export function probeTable(variants: TimeProbe['variants'], retrieves: boolean): Omit<MetricTable, 'title'> {
  const hasGroups = variants.some(({ groups }) => groups !== null)
  const word = (name: string) => t(`evaluation.time.${name}`)
  return {
    columns: [
      word('change'),
      word('queries'),
      t(`training.metric.${retrieves ? 'r1' : 'accuracy'}`),
      word('changed'),
      word('drop'),
      ...(hasGroups ? [word('groups'), word('groupsChanged')] : []),
      word('worse'),
      word('better'),
      word('chance'),
    ],
    rows: variants.map(({ variant, count, figure: { before, after }, groups, worse, better, chance }) => ({
      name: word(`variant.${variant}`),
      values: [
        formatCount(count),
        formatPercent(before),
        formatPercent(after),
        formatPercent(before - after),
        ...(hasGroups ? [groups ? formatPercent(groups.before) : '', groups ? formatPercent(groups.after) : ''] : []),
        formatCount(worse),
        formatCount(better),
        chance < 0.0001 ? word('least') : chance.toFixed(4),
      ],
    })),
  }
}
