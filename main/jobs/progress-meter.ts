import type { JobProgress } from '../api/jobs.ts'

/** What a handler reports. `done` and `total` count `unit`; `current` names what is being worked on. */
export interface ProgressReport {
  readonly done: number
  readonly total: number | null
  readonly unit: string
  readonly current?: string | null
}

/** The rate is taken over this long, in milliseconds. */
const window = 30_000
const sampleSpacing = 500

export const noProgress: JobProgress = { done: 0, total: null, unit: '', rate: null, secondsLeft: null, current: null }

/**
 * Adds rate and time left to a handler's reports. The first report counts as work done before, so that a resumed job
 * does not boast.
 */
export class ProgressMeter {
  #samples: { time: number; done: number }[] = []
  #report: ProgressReport | null = null

  /** `now` in milliseconds of a steady clock. */
  report(report: ProgressReport, now: number): void {
    const previous = this.#report
    this.#report = report
    if (!previous || previous.unit !== report.unit || report.done < previous.done) this.#samples = []
    const last = this.#samples.at(-1)
    if (!last || now - last.time >= sampleSpacing) this.#samples.push({ time: now, done: report.done })
    // The oldest sample outside the window stays: it is where the window begins.
    while ((this.#samples[1]?.time ?? now) < now - window) this.#samples.shift()
  }

  /** Null before the first report. Rate and time left are null until half a second of work was seen. */
  read(now: number): JobProgress | null {
    if (!this.#report) return null
    const { done, total, unit, current = null } = this.#report
    const first = this.#samples[0]
    const elapsed = first ? (now - first.time) / 1000 : 0
    const rate = first && elapsed >= sampleSpacing / 1000 && done > first.done ? (done - first.done) / elapsed : null
    const secondsLeft = rate !== null && total !== null ? Math.max(0, total - done) / rate : null
    return { done, total, unit, rate, secondsLeft, current }
  }
}
