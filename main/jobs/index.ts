export { JobQueue, type JobHandler, type JobKindOptions, type JobRun } from './job-queue.ts'
export type { JobChange } from './job-changes.ts'
export type { JobRequest } from './job-store.ts'
export type { ProgressReport } from './progress-meter.ts'
