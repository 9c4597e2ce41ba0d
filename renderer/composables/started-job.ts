import { computed } from 'vue'
import type { Ref } from 'vue'
import { isAtWork } from '../../main/api/common/rules.ts'
import { problemTold } from '../client/problem.ts'
import type { Problem } from '../client/problem.ts'
import { useJobs } from '../stores/jobs.ts'

/** A request whose answer names the job that it has started. */
interface Starting {
  readonly result: Ref<{ readonly jobId: number } | null>
  readonly problem: Ref<Problem | null>
}

/** The job that a request has started: whether it is at work, and what is wrong with either. */
export function useStartedJob({ result, problem: refused }: Starting) {
  const jobs = useJobs()
  const job = computed(() => (result.value ? (jobs.byId.get(result.value.jobId) ?? null) : null))
  const running = computed(() => job.value !== null && isAtWork(job.value.state))
  const problem = computed(
    () => refused.value ?? (job.value?.state === 'failed' && job.value.problem ? problemTold(job.value.problem) : null),
  )
  return { job, running, problem }
}
