import type { ElanAnnotation, ElanFile } from '../../../../reading-process/files/elan-file.ts'

/** From when to when an annotation is, in milliseconds of the session. */
export type ElanTimes = readonly [start: number, end: number]

/**
 * The times of every annotation, as ELAN shows them: slots without a time lie evenly between those that have one; an
 * annotation that hangs on another has its time, or with its siblings an even share of it. Annotations whose times
 * nothing says are not there.
 */
export function elanTimes({
  slots,
  tiers,
  types,
}: Pick<ElanFile, 'slots' | 'tiers' | 'types'>): ReadonlyMap<string, ElanTimes> {
  const slotTimes = new Map(slots.flatMap(({ id, time }) => (time === null ? [] : [[id, time] as const])))
  for (const { annotations } of tiers) placeBetween(annotations, slotTimes)
  const times = new Map<string, ElanTimes>()
  for (const { id, slots: ends } of tiers.flatMap(({ annotations }) => annotations)) {
    const [start, end] = (ends ?? []).map(slot => slotTimes.get(slot))
    if (start !== undefined && end !== undefined) times.set(id, [start, end])
  }
  const constraints = new Map(types.map(({ id, constraint }) => [id, constraint]))
  // Tiers hang on tiers that hang on others: each pass settles one level, and a circle none.
  const waiting = new Set(tiers.filter(({ annotations }) => annotations.some(({ on }) => on !== null)))
  for (let settled = -1; settled !== waiting.size;) {
    settled = waiting.size
    for (const tier of waiting) {
      const hanging = tier.annotations.filter(({ on }) => on !== null)
      if (!hanging.some(({ on }) => times.has(on ?? ''))) continue
      waiting.delete(tier)
      const families = new Map<string, ElanAnnotation[]>()
      for (const annotation of hanging) {
        families.set(annotation.on ?? '', [...(families.get(annotation.on ?? '') ?? []), annotation])
      }
      for (const [on, siblings] of families) {
        const parent = times.get(on)
        if (parent) share(siblings, parent, { divides: constraints.get(tier.type) === 'Symbolic_Subdivision', times })
      }
    }
  }
  return times
}

/** Gives the slots in a chain of annotations their times, evenly from one that has a time to the next one that has. */
function placeBetween(annotations: readonly ElanAnnotation[], times: Map<string, number>): void {
  const next = new Map(annotations.flatMap(({ slots }) => (slots ? [slots] : [])))
  for (const [first, second] of [...next]) {
    const start = times.get(first)
    if (start === undefined || times.has(second)) continue
    const chain: string[] = []
    let slot: string | undefined = second
    while (slot !== undefined && !times.has(slot) && !chain.includes(slot)) {
      chain.push(slot)
      slot = next.get(slot)
    }
    const end = times.get(slot ?? '')
    if (end === undefined) continue
    for (const [place, id] of chain.entries()) times.set(id, start + ((end - start) * (place + 1)) / (chain.length + 1))
  }
}

function share(
  siblings: readonly ElanAnnotation[],
  [start, end]: ElanTimes,
  { divides, times }: { readonly divides: boolean; readonly times: Map<string, ElanTimes> },
): void {
  if (!divides) {
    for (const { id } of siblings) times.set(id, [start, end])
    return
  }
  const after = new Map(siblings.map(annotation => [annotation.previous, annotation]))
  const part = (end - start) / siblings.length
  let annotation = after.get(null)
  for (let place = 0; annotation && place < siblings.length; place++) {
    times.set(annotation.id, [start + place * part, start + (place + 1) * part])
    annotation = after.get(annotation.id)
  }
}
