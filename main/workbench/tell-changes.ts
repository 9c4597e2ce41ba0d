import type { Logger } from 'pino'
import type { WorkbenchEvent } from '../api/app.ts'
import type { Engine } from '../engine/engine.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { Library } from '../library/videos/library.ts'
import { noteEnds } from './log.ts'
import type { Notices } from './notices/notices.ts'

interface ChangingParts {
  readonly library: Library
  readonly jobs: JobQueue
  readonly notices: Notices
  readonly engine: Engine
  readonly log: Logger
}

/** Connects what changes by itself to the stream of events and to the log. */
export function tellChanges(
  { library, jobs, notices, engine, log }: ChangingParts,
  tell: (event: WorkbenchEvent) => void,
): void {
  library.onChange(() => tell({ type: 'library' }))
  jobs.onChange(tell)
  jobs.onChange(noteEnds(log))
  notices.onChange(list => tell({ type: 'notices', notices: list }))
  engine.onStatus(status => {
    if (status.state === 'crashed') {
      log.warn({ device: status.device, restarts: status.restarts }, 'the engine has crashed')
    }
    tell({ type: 'engine', status })
    notices.set('device', 'info', status.fallback)
  })
}
