import { onScopeDispose, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { MetricPoint } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { useJobs } from '../../../stores/jobs.ts'
import { useRuns } from '../../../stores/runs.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { continued } from './curves.ts'

/** A run at work says so many times a second; its new points are read this often at most. */
const intervalMs = 1000

/** The measured points of runs, by id, kept up to date while they are at work. */
export function useRunMetrics(
  ids: Readonly<Ref<readonly string[]>>,
): Readonly<Ref<ReadonlyMap<string, MetricPoint[]>>> {
  const runs = useRuns()
  const jobs = useJobs()
  const toasts = useToasts()
  const points = shallowRef<ReadonlyMap<string, MetricPoint[]>>(new Map())
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read() {
    const answers = await Promise.all(
      ids.value.map(async id => {
        const known = points.value.get(id) ?? []
        // The last step is asked for again: its validation may have been added since.
        const newer = await client.training.metrics({ id, afterStep: (known.at(-1)?.step ?? 0) - 1 })
        return [id, continued(known, newer)] as const
      }),
    )
    points.value = new Map(answers.filter(([id]) => ids.value.includes(id)))
  }

  function readSoon() {
    timer ??= setTimeout(() => {
      timer = undefined
      void toasts.guard(read)
    }, intervalMs)
  }

  watch(ids, () => void toasts.guard(read), { immediate: true })
  watch(
    () =>
      ids.value
        .map(id => {
          const run = runs.byId.get(id)
          return run && `${run.state} ${run.jobId === null ? '' : jobs.byId.get(run.jobId)?.progress.done}`
        })
        .join(),
    readSoon,
  )
  onScopeDispose(() => clearTimeout(timer))
  return points
}
