import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { isAtWork } from '../../main/api/common/rules.ts'
import type { Job } from '../../main/api/index.ts'
import { client } from '../client/client.ts'
import { t } from '../locale/i18n.ts'
import { told } from '../locale/told/told.ts'

/** The mirror of the workbench's job queue. */
export const useJobs = defineStore('jobs', () => {
  const byId = ref(new Map<number, Job>())
  /** Spoken by the live region when a job ends. */
  const announcement = ref('')
  const panelOpen = ref(false)

  const list = computed(() => [...byId.value.values()].sort((a, b) => b.id - a.id))
  const active = computed(() => list.value.filter(job => isAtWork(job.state)).reverse())
  /** The job the status bar shows: the running one, else the next in the queue. */
  const current = computed(() => active.value.find(job => job.state === 'running') ?? active.value[0] ?? null)
  const failures = computed(() =>
    list.value.reduce((count, job) => count + job.failures.length + (job.problem ? 1 : 0), 0),
  )

  async function refresh() {
    const jobs = await client.jobs.list()
    byId.value = new Map(jobs.map(job => [job.id, job]))
  }

  function apply(job: Job) {
    const before = byId.value.get(job.id)
    byId.value.set(job.id, job)
    if (before && isAtWork(before.state) && !isAtWork(job.state)) {
      announcement.value = t(
        `jobs.ended.${job.state}`,
        { title: told(job.title), failures: job.failures.length },
        job.failures.length,
      )
    }
  }

  function forget(id: number) {
    byId.value.delete(id)
  }

  async function cancel(id: number) {
    apply(await client.jobs.cancel({ id }))
  }

  async function dismiss(id: number) {
    await client.jobs.dismiss({ id })
    forget(id)
  }

  return { byId, list, active, current, failures, announcement, panelOpen, refresh, apply, forget, cancel, dismiss }
})
