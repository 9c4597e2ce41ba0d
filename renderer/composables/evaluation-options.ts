import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { fileName, formatDate } from '../locale/format.ts'
import { t } from '../locale/i18n.ts'
import { useEvaluations } from '../stores/evaluations.ts'

/** The evaluations that came to their end, the newest first, to choose one whose standings videos have. */
export function useEvaluationOptions(): ComputedRef<{ value: string; text: string }[]> {
  const evaluations = useEvaluations()
  if (!evaluations.loaded) void evaluations.refresh()
  return computed(() =>
    evaluations.list
      .filter(({ figures }) => figures !== null)
      .map(({ id, choice: { model, dataset }, createdAt }) => ({
        value: id,
        text: t('standings.evaluation', { model, folder: fileName(dataset.folder), date: formatDate(createdAt) }),
      })),
  )
}
