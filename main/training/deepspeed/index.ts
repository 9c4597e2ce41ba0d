export { exportRun } from './export-run.ts'
export { registerContinuation } from './continuation.ts'
