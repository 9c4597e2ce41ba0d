import { onScopeDispose, ref, shallowRef } from 'vue'
import type { DatasetChoice, DatasetReport, Inspection } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'
import { describeProblem } from '../../client/problem.ts'
import type { Problem } from '../../client/problem.ts'

/**
 * The dry run over a labelled folder. The rows are shown as soon as they are read; then every video is opened, which
 * may take long and can be ended: what the rows say stays.
 */
export function useInspection() {
  /** What the report tells of; it may be older than what is asked for now. */
  const reported = shallowRef<DatasetChoice | null>(null)
  const report = shallowRef<DatasetReport | null>(null)
  const problem = ref<Problem | null>(null)
  const pending = ref(false)
  const progress = shallowRef<Extract<Inspection, { type: 'progress' }> | null>(null)
  let controller: AbortController | null = null

  async function run(choice: DatasetChoice, only: readonly string[] | null = null) {
    controller?.abort()
    const mine = new AbortController()
    controller = mine
    pending.value = true
    problem.value = null
    progress.value = null
    try {
      for (const probe of only ? [true] : [false, true]) {
        const asked = { ...choice, probe, only: only && [...only] }
        for await (const event of await client.datasets.inspect(asked, { signal: mine.signal })) {
          if (mine.signal.aborted) return
          if (event.type === 'report') {
            reported.value = choice
            report.value = event.report
          }
          if (event.type === 'progress' && probe) progress.value = event
        }
      }
    } catch (error) {
      if (mine.signal.aborted) return
      problem.value = describeProblem(error)
      // The last report stays, so that its fields can be put right.
      reported.value = null
    } finally {
      if (controller === mine) {
        pending.value = false
        progress.value = null
      }
    }
  }

  /** Opens again what the report has as missing; what could be read is taken to be so still. */
  async function recheck() {
    const choice = reported.value
    const only = report.value?.missing.map(({ video }) => video)
    if (choice && only) await run(choice, only)
  }

  /** Ends the opening of videos. */
  function stop() {
    controller?.abort()
  }

  function reset() {
    stop()
    report.value = reported.value = null
    problem.value = null
  }

  onScopeDispose(stop)
  return { report, reported, problem, pending, progress, run, recheck, stop, reset }
}
