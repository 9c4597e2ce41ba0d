import type { Job, JobProgress } from '../../../api/jobs.ts'

const quietInterval = 5_000
const integer = new Intl.NumberFormat('en')

/** Progress on stderr: one line that is rewritten on a terminal, otherwise a line every few seconds. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  #written = 0
  readonly #said = new Set<string>()
  #shown = ''

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  job(job: Job): void {
    const { current } = job.progress
    const parts = [`${job.title}: ${progressWords(job.progress)}`]
    if (current !== null) parts.push(current)
    this.#show(parts.join(' · '))
  }

  /** Work that is no job. */
  count(title: string, { done, total, current }: { done: number; total: number | null; current: string | null }): void {
    this.#show(
      [`${title}: ${done}${total === null ? '' : ` of ${total}`}`, ...(current === null ? [] : [current])].join(' · '),
    )
  }

  /** A line that stays: a warning, a fallback. Said once, whoever else says it. */
  note(line: string): void {
    if (this.#said.has(line)) return
    this.#said.add(line)
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

/**
 * How far a job is, in the words of the window (`renderer/locale/format.ts`):
 * `214 of 1,036 videos · 3.1/s · 4 min 25 s left`.
 */
export function progressWords({ done, total, unit, rate, secondsLeft }: JobProgress): string {
  if (done === 0 && total === null) return 'starting'
  const amount = (value: number) => (unit === 'bytes' ? bytes(value) : integer.format(value))
  const parts =
    unit === '%'
      ? [`${Math.round(done)} %`]
      : [`${amount(done)}${total === null ? '' : ` of ${amount(total)}`}${unit === 'bytes' ? '' : ` ${unit}`}`]
  if (rate !== null && rate > 0 && unit !== '%') {
    parts.push(unit === 'bytes' ? `${bytes(Math.round(rate))}/s` : rateWords(rate))
  }
  if (secondsLeft !== null) parts.push(`${span(secondsLeft)} left`)
  return parts.join(' · ')
}

function rateWords(perSecond: number): string {
  if (perSecond >= 10) return `${perSecond.toFixed(0)}/s`
  return perSecond >= 0.95 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`
}

/** A long duration in words: `88 h`, `12 min`, `40 s`. */
function span(duration: number): string {
  const seconds = Math.max(0, Math.round(duration))
  if (seconds >= 36_000) return `${integer.format(Math.round(seconds / 3600))} h`
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
  if (seconds >= 60) {
    const rest = seconds % 60
    return rest && seconds < 600 ? `${Math.floor(seconds / 60)} min ${rest} s` : `${Math.round(seconds / 60)} min`
  }
  return `${seconds} s`
}

/** 75 bytes → `75 B`, 231,508 → `232 kB`; powers of 1000. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length, Math.floor(Math.log10(count) / 3))
  const value = count / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`
}

/** 75 → `1:15`, 4000 → `1:06:40`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}
