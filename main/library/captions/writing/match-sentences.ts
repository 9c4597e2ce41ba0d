import type { Caption } from '../../../api/library/library.ts'

/**
 * Of each of the sentences `after`, which of those `before` it was: the one of the same text, where there are several
 * the nearest in time, else one whose text was changed and whose times were not. Null for a new one; none is taken
 * twice.
 */
export function matchSentences(before: readonly Caption[], after: readonly Caption[]): (number | null)[] {
  const free = new Set(before.keys())
  const exact = after.map(takerOf(before, free, ({ text, start, end }) => JSON.stringify([text, start, end])))
  const byText = takerOf(before, free, ({ text }) => text)
  const sameText = after.map((sentence, index) => exact[index] ?? byText(sentence))
  const byTimes = takerOf(before, free, ({ start, end }) => (start === null ? null : `${start} ${end}`))
  return after.map((sentence, index) => sameText[index] ?? byTimes(sentence))
}

/** Finds the nearest of those that are free and have the same key, and takes it. */
function takerOf(
  before: readonly Caption[],
  free: Set<number>,
  keyOf: (sentence: Caption) => string | null,
): (sentence: Caption) => number | null {
  const byKey = new Map<string, number[]>()
  for (const index of free) {
    const key = before[index] && keyOf(before[index])
    if (key === null || key === undefined) continue
    const list = byKey.get(key)
    if (list) list.push(index)
    else byKey.set(key, [index])
  }
  return sentence => {
    const key = keyOf(sentence)
    const list = (key === null ? undefined : byKey.get(key)) ?? []
    let nearest: number | null = null
    for (const index of list) {
      if (!free.has(index)) continue
      const isNearer = nearest === null || distance(before[index], sentence) < distance(before[nearest], sentence)
      if (isNearer) nearest = index
      // Of exact matches any is right.
      if (distance(before[index], sentence) === 0) break
    }
    if (nearest !== null) free.delete(nearest)
    return nearest
  }
}

function distance(a: Caption | undefined, b: Caption): number {
  return Math.abs((a?.start ?? 0) - (b.start ?? 0))
}

/** Whether two lists say the same; times to the millisecond, as files have them. */
export function saySame(a: readonly Caption[], b: readonly Caption[]): boolean {
  return a.length === b.length && a.every((sentence, index) => isSame(sentence, b[index]))
}

function isSame(a: Caption, b: Caption | undefined): boolean {
  return b !== undefined && a.text === b.text && sameTime(a.start, b.start) && sameTime(a.end, b.end)
}

export function sameTime(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) < 0.000_6
}
