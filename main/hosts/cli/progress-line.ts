import type { Job } from '../../api/jobs.ts'

const quietInterval = 5_000

/** Progress on stderr: one line that is rewritten on a terminal, otherwise a line every few seconds. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  #written = 0
  #shown = ''

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  job(job: Job): void {
    const { done, total, unit, rate, secondsLeft, current } = job.progress
    const parts = [unit === 'bytes' ? `${job.title}: ${bytes(done)}${total === null ? '' : ` of ${bytes(total)}`}` : `${job.title}: ${done}${total === null ? '' : ` of ${total}`} ${unit}`]
    if (rate !== null && rate > 0) parts.push(unit === 'bytes' ? `${bytes(rate)}/s` : `${rate < 0.95 ? `${(rate * 60).toFixed(1)}/min` : `${rate.toFixed(1)}/s`}`)
    if (secondsLeft !== null) parts.push(`${clock(secondsLeft)} left`)
    if (current !== null) parts.push(current)
    this.#show(parts.join(' · '))
  }

  /** Work that is no job. */
  count(title: string, { done, total, current }: { done: number; total: number | null; current: string | null }): void {
    this.#show([`${title}: ${done}${total === null ? '' : ` of ${total}`}`, ...current === null ? [] : [current]].join(' · '))
  }

  /** A line that stays: a warning, a fallback. */
  note(line: string): void {
    this.#clear()
    this.#stream.write(`${line}\n`)
  }

  /** Takes the progress off the screen. */
  end(): void {
    this.#clear()
    this.#shown = ''
  }

  #show(line: string): void {
    // A file name may hold anything; a control character must not move the cursor.
    const clean = line.replace(/\p{Cc}/gu, ' ')
    if (clean === this.#shown) return
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[2K${clean.slice(0, (this.#stream.columns ?? 80) - 1)}`)
    } else {
      if (Date.now() - this.#written < quietInterval) return
      this.#stream.write(`${clean}\n`)
    }
    this.#written = Date.now()
    this.#shown = clean
  }

  #clear(): void {
    if (this.#stream.isTTY && this.#shown !== '') this.#stream.write('\r\x1b[2K')
  }
}

/** 75 bytes → `75 B`, 231,508 → `231.5 kB`; powers of 1000. */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3))
  return power === 0 ? `${Math.round(count)} B` : `${(count / 1000 ** power).toFixed(1)} ${['kB', 'MB', 'GB'][power - 1]}`
}

/** 75 → `1:15`, 4000 → `1:06:40`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}
