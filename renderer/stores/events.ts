import { watch } from 'vue'
import type { WorkbenchEvent } from '../../main/api/index.ts'
import { client, connectionState } from '../client/client.ts'
import { useCurrentVideo } from './current-video.ts'
import { useEngine } from './engine.ts'
import { useEvaluations } from './evaluations.ts'
import { useJobs } from './jobs.ts'
import { useLibrary } from './library.ts'
import { useMapChanges } from './map-changes.ts'
import { useModels } from './models.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'
import { useNotices } from './window/notices.ts'
import { useToasts } from './window/toasts.ts'
import { useWork } from './work.ts'

/** While an index job runs, the library changes many times a second; the window reads it this often at most. */
const libraryIntervalMs = 700
/** A run at work is recorded anew with every validation, which nothing tells but its job. */
const runsIntervalMs = 1_000
const resubscribeMs = 1_000

/** Fills the stores whenever the line opens, and keeps them up to date with what the workbench tells. */
export function followWorkbench() {
  const stores = {
    jobs: useJobs(),
    library: useLibrary(),
    models: useModels(),
    engine: useEngine(),
    settings: useSettings(),
    notices: useNotices(),
    video: useCurrentVideo(),
    runs: useRuns(),
    evaluations: useEvaluations(),
  }
  const toasts = useToasts()
  const work = useWork()
  const mapChanges = useMapChanges()
  let libraryTimer: ReturnType<typeof setTimeout> | null = null
  let runsTimer: ReturnType<typeof setTimeout> | null = null

  function libraryChanged() {
    libraryTimer ??= setTimeout(() => {
      libraryTimer = null
      void toasts.guard(() => Promise.all([stores.library.refresh(), stores.video.refresh()]))
    }, libraryIntervalMs)
  }

  function runAtWork() {
    runsTimer ??= setTimeout(() => {
      runsTimer = null
      void toasts.guard(() => stores.runs.refresh())
    }, runsIntervalMs)
  }

  function apply(event: WorkbenchEvent) {
    switch (event.type) {
      case 'job':
        if (event.job.kind === 'finetune') runAtWork()
        return stores.jobs.apply(event.job)
      case 'job-removed':
        return stores.jobs.forget(event.id)
      case 'library':
        return libraryChanged()
      case 'models':
        libraryChanged()
        return void toasts.guard(() => stores.models.refresh())
      case 'map':
        return mapChanges.tell()
      case 'runs':
        return void toasts.guard(() => stores.runs.refresh())
      case 'evaluations':
        return void toasts.guard(() => stores.evaluations.refresh())
      case 'settings':
        return stores.settings.apply(event.settings)
      case 'engine':
        stores.engine.status = event.status
        return
      case 'notices':
        return stores.notices.apply(event.notices)
      case 'work':
        return work.apply(event.work)
    }
  }

  async function follow() {
    while (connectionState.value === 'open') {
      try {
        // Subscribed before reading, so that nothing between the two is missed.
        const events = await client.app.events()
        await Promise.all(Object.values(stores).map(store => toasts.guard(() => store.refresh())))
        for await (const event of events) apply(event)
      } catch {
        // The line broke (the banner says so and `follow` runs again), or the stream ended: subscribe again below.
      }
      await new Promise(resolve => setTimeout(resolve, resubscribeMs))
    }
  }

  let following = false
  watch(
    connectionState,
    async state => {
      if (state !== 'open' || following) return
      following = true
      await follow()
      following = false
    },
    { immediate: true },
  )
}
