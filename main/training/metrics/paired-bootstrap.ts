import { setImmediate } from 'node:timers/promises'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'

/** A figure of two systems: of each query the values that count for it, mostly one. */
export interface PairedFigure {
  readonly kind: 'mean' | 'median'
  readonly first: readonly (readonly number[])[]
  readonly second: readonly (readonly number[])[]
}

export interface Resampling {
  /** Of each query, what it is drawn with: the place of its video, from 0. */
  readonly unitOf: readonly number[]
  readonly resamples: number
  readonly seed: number
  /** Of the interval, 0–1. */
  readonly confidence: number
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** So long the process answers nobody else, milliseconds. */
const longestTurn = 30

/**
 * Percentile intervals of the difference of figures, second less first (Efron's paired bootstrap): units are drawn with
 * replacement, each with all its queries, the same ones for both systems and all figures. A limit is the percentile of
 * the differences found, linear between neighbours.
 * @throws the abort reason.
 */
export async function pairedBootstrap(
  figures: readonly PairedFigure[],
  { unitOf, resamples, seed, confidence }: Resampling,
  signal: AbortSignal,
): Promise<Interval[]> {
  const units = Math.max(0, ...unitOf.map(unit => unit + 1))
  const draw = seededRandom(seed, 'bootstrap')
  const measures = figures.map(({ kind, first, second }) => {
    const measure = kind === 'mean' ? meanOf : medianOf
    return [measure(first, unitOf, units), measure(second, unitOf, units)] as const
  })
  const differences = figures.map(() => new Float64Array(resamples))
  const times = new Uint32Array(units)
  let turn = performance.now()
  for (let resample = 0; resample < resamples; resample++) {
    if (performance.now() - turn > longestTurn) {
      await setImmediate()
      signal.throwIfAborted()
      turn = performance.now()
    }
    times.fill(0)
    for (let drawn = 0; drawn < units; drawn++) {
      const unit = draw.below(units)
      times[unit] = (times[unit] ?? 0) + 1
    }
    for (const [place, [first, second]] of measures.entries()) {
      const list = differences[place]
      if (list) list[resample] = second(times) - first(times)
    }
  }
  return differences.map(found => {
    found.sort()
    return { low: percentile(found, (1 - confidence) / 2), high: percentile(found, (1 + confidence) / 2) }
  })
}

type Measure = (times: Uint32Array) => number

function meanOf(values: PairedFigure['first'], unitOf: readonly number[], units: number): Measure {
  const [sums, counts] = [new Float64Array(units), new Float64Array(units)]
  for (const [query, own] of values.entries()) {
    const unit = unitOf[query] ?? 0
    sums[unit] = (sums[unit] ?? 0) + own.reduce((sum, value) => sum + value, 0)
    counts[unit] = (counts[unit] ?? 0) + own.length
  }
  return times => {
    let [sum, count] = [0, 0]
    for (let unit = 0; unit < units; unit++) {
      sum += (times[unit] ?? 0) * (sums[unit] ?? 0)
      count += (times[unit] ?? 0) * (counts[unit] ?? 0)
    }
    return sum / count
  }
}

/** As `summariseRanks` has it: of an even number the mean of the two in the middle. */
function medianOf(values: PairedFigure['first'], unitOf: readonly number[]): Measure {
  const sorted = values
    .flatMap((own, query) => own.map(value => ({ value, unit: unitOf[query] ?? 0 })))
    .sort((a, b) => a.value - b.value)
  const [ordered, unitsInOrder] = [
    Float64Array.from(sorted, ({ value }) => value),
    Uint32Array.from(sorted, ({ unit }) => unit),
  ]
  return times => {
    let count = 0
    for (const unit of unitsInOrder) count += times[unit] ?? 0
    const at = (wanted: number) => {
      let before = 0
      for (let place = 0; place < ordered.length; place++) {
        before += times[unitsInOrder[place] ?? 0] ?? 0
        if (before > wanted) return ordered[place] ?? Number.NaN
      }
      return Number.NaN
    }
    return (at(Math.ceil(count / 2) - 1) + at(Math.floor(count / 2))) / 2
  }
}

function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN]
  return below + (above - below) * (place - Math.floor(place))
}
