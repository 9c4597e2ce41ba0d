import { english } from '../../../../native-models/english.ts'
import type { ElanAnnotation, ElanFile, ElanTier } from '../../../reading-process/files/elan-file.ts'
import { elanTimes } from '../formats/tools/elan-times.ts'
import type { ElanTimes } from '../formats/tools/elan-times.ts'
import { edited } from './changes.ts'
import type { Changes, TextEdit } from './changes.ts'
import { attribute, escaped } from './elan-text.ts'
import { whereOf } from './spans.ts'
import type { Span } from './spans.ts'

interface Found {
  readonly tier: ElanTier
  readonly annotation: ElanAnnotation
}

/** One span's change of the session, in milliseconds of it. */
interface Change {
  readonly span: Span
  readonly tier: ElanTier
  /** Null for an annotation that is added. */
  readonly annotation: ElanAnnotation | null
  readonly times: ElanTimes
  readonly isMoved: boolean
  readonly isRewritten: boolean
}

/**
 * A session with its annotations as the spans have them: only what differs is touched, and every other character stays.
 * An annotation is known by its id, without one by its text where that is there once. What would break a rule of ELAN
 * is refused: annotations of a tier do not overlap, stay within those that they divide, and keep to their vocabulary.
 * @param origin milliseconds of the video at the session's time 0.
 */
export function withSpans(file: ElanFile, spans: readonly Span[], origin: number): Changes {
  const refused: string[] = []
  const session = new Session(file)
  let changes: Change[] = []
  const spoken = new Set<string>()
  let unchanged = 0
  for (const span of spans) {
    const change = session.changeOf(span, { origin, spans, spoken })
    if (typeof change === 'string') {
      refused.push(`${whereOf(span)}: ${change}`)
    } else {
      if (change.annotation) spoken.add(change.annotation.id)
      if (change.annotation && !change.isMoved && !change.isRewritten) unchanged += 1
      else changes.push(change)
    }
  }
  // A change may only be possible together with others: all are made, and those that break a rule are taken back.
  for (let broken = session.broken(changes); broken.size > 0; broken = session.broken(changes)) {
    changes = changes.filter(change => {
      const why = broken.get(change)
      if (why !== undefined) {
        refused.push(`${whereOf(change.span)}: ${change.annotation?.id ?? english`a new annotation`} ${why}`)
      }
      return why === undefined
    })
  }
  const added = changes.filter(({ annotation }) => annotation === null).length
  return {
    text: edited(file.text, session.edits(changes)),
    changed: changes.length - added,
    added,
    unchanged,
    untouched: file.tiers.flatMap(({ annotations }) => annotations).filter(({ id }) => !spoken.has(id)).length,
    refused,
  }
}

class Session {
  readonly #file: ElanFile
  readonly #times: ReadonlyMap<string, ElanTimes>
  readonly #found: ReadonlyMap<string, Found>
  /** Of each slot the tiers of the annotations that begin or end there. */
  readonly #users = new Map<string, ElanTier[]>()

  constructor(file: ElanFile) {
    this.#file = file
    this.#times = elanTimes(file)
    this.#found = new Map(
      file.tiers.flatMap(tier => tier.annotations.map(annotation => [annotation.id, { tier, annotation }] as const)),
    )
    for (const tier of file.tiers) {
      for (const slot of tier.annotations.flatMap(({ slots }) => slots ?? [])) {
        this.#users.set(slot, [...(this.#users.get(slot) ?? []), tier])
      }
    }
  }

  /** What a span changes, or why it cannot be put back. */
  changeOf(
    span: Span,
    {
      origin,
      spans,
      spoken,
    }: { readonly origin: number; readonly spans: readonly Span[]; readonly spoken: ReadonlySet<string> },
  ): Change | string {
    const times = [span.start, span.end].map(time => Math.round(time * 1000) - origin) as [number, number]
    const found = this.#annotationOf(span, spans)
    if (typeof found === 'string') return found
    if (times[0] < 0) return english`it begins before the session does`
    if (times[1] <= times[0]) return english`it ends before it starts`
    const tier = found?.tier ?? this.#tierOf(span)
    if (typeof tier === 'string') return tier
    if (found && spoken.has(found.annotation.id)) return english`the annotation ${found.annotation.id} is there twice`
    const annotation = found?.annotation ?? null
    const before = annotation && this.#times.get(annotation.id)
    const isRewritten = annotation === null || said(annotation.text) !== said(span.text)
    const isMoved = !before || before.some((time, index) => Math.round(time) !== times[index])
    const words = this.#vocabulary(tier)
    if (isRewritten && words && !(span.text in words)) {
      return english`‘${span.text}’ is not in the controlled vocabulary of the tier ‘${tier.id}’`
    }
    if (isMoved && annotation && annotation.slots === null) {
      return english`the annotation ${annotation.id} has the time of the one it hangs on; correct that one`
    }
    return { span, tier, annotation, times, isMoved, isRewritten }
  }

  /** Null for a new one. */
  #annotationOf({ text, mark }: Span, spans: readonly Span[]): Found | string | null {
    if (mark?.id) return this.#found.get(mark.id) ?? english`the session has no annotation ${mark.id}`
    const alike = [...this.#found.values()].filter(
      ({ tier, annotation }) => said(annotation.text) === said(text) && (!mark?.tier || tier.id === mark.tier),
    )
    const [only, ...more] = alike.filter(({ tier }) => tier.parent === null)
    const isOnly = spans.filter(other => said(other.text) === said(text)).length === 1
    return only && more.length === 0 && isOnly ? only : null
  }

  #tierOf({ mark }: Span): ElanTier | string {
    const { tiers } = this.#file
    const independent = tiers.filter(({ parent }) => parent === null)
    const tier = mark?.tier ? tiers.find(({ id }) => id === mark.tier) : independent[0]
    if (!tier) return mark?.tier ? english`the session has no tier ‘${mark.tier}’` : english`the session has no tier`
    if (!mark?.tier && independent.length > 1) {
      return english`it names no tier, and the session has several (${independent.map(({ id }) => `‘${id}’`).join(', ')})`
    }
    return tier.parent === null ? tier : english`annotations of the tier ‘${tier.id}’ hang on others; add it in ELAN`
  }

  #vocabulary({ type }: ElanTier): Readonly<Record<string, string>> | null {
    const { vocabulary = null } = this.#file.types.find(({ id }) => id === type) ?? {}
    return vocabulary === null ? null : (this.#file.vocabularies[vocabulary] ?? null)
  }

  #constraint({ type }: ElanTier): string | null {
    return this.#file.types.find(({ id }) => id === type)?.constraint ?? null
  }

  /** Changes that break a rule when all are made, with the rule. */
  broken(changes: readonly Change[]): Map<Change, string> {
    const broken = new Map<Change, string>()
    const { slotTimes, contested } = this.#moved(changes)
    const slots = this.#file.slots.map(slot => ({ ...slot, time: slotTimes.get(slot.id) ?? slot.time }))
    const after = new Map(elanTimes({ ...this.#file, slots }))
    for (const { annotation, times, isMoved } of changes) if (annotation && isMoved) after.set(annotation.id, times)
    const changeOf = new Map(changes.flatMap(change => (change.annotation ? [[change.annotation.id, change]] : [])))
    const blame = (change: Change | undefined, why: string) => {
      if (change?.isMoved && !broken.has(change)) broken.set(change, why)
    }
    for (const change of contested) blame(change, english`shares an edge with a neighbour that is to lie elsewhere`)
    for (const tier of this.#file.tiers) {
      const own = tier.annotations
        .filter(({ slots: ends }) => ends)
        .map(({ id }) => ({ times: after.get(id), change: changeOf.get(id) }))
      const added = changes.flatMap(change =>
        change.annotation === null && change.tier === tier ? [{ times: change.times, change }] : [],
      )
      const inOrder = [...own, ...added]
        .flatMap(({ times, change }) => (times ? [{ times, change }] : []))
        .sort((a, b) => a.times[0] - b.times[0])
      for (const [place, { times, change }] of inOrder.entries()) {
        const next = inOrder[place + 1]
        if (times[1] <= times[0]) blame(change, english`would end before it starts`)
        if (next && next.times[0] < times[1]) {
          const why = english`would overlap another annotation of the tier ‘${tier.id}’`
          blame(next.change ?? change, why)
          blame(change, why)
        }
      }
      if (tier.parent === null || tier.annotations.every(({ slots: ends }) => ends === null)) continue
      const parents = this.#file.tiers.find(({ id }) => id === tier.parent)?.annotations ?? []
      for (const { id } of tier.annotations) {
        const [before, now] = [this.#times.get(id), after.get(id)]
        const parent = parents.find(({ id: other }) => isWithin(before, this.#times.get(other)))
        if (!parent || isWithin(now, after.get(parent.id))) continue
        const why = english`and the one that it divides would no longer lie within one another (‘${tier.id}’, ‘${tier.parent}’)`
        blame(changeOf.get(id) ?? changeOf.get(parent.id), why)
      }
    }
    return broken
  }

  /** Slots with other times: those that one annotation and what divides it have alone, or that neighbours share. */
  #moved(changes: readonly Change[]) {
    const slotTimes = new Map<string, number>()
    const contested: Change[] = []
    const own = new Map<Change, [string | null, string | null]>()
    for (const change of changes) {
      const { annotation, times, isMoved, tier } = change
      if (!annotation?.slots || !isMoved) continue
      const ends: [string | null, string | null] = [null, null]
      for (const [index, slot] of annotation.slots.entries()) {
        const time = times[index] ?? 0
        const given = slotTimes.get(slot)
        if (given !== undefined && given !== time) {
          contested.push(change)
        } else if (this.#isOwn(slot, tier)) {
          slotTimes.set(slot, time)
        } else if (Math.round(this.#times.get(annotation.id)?.[index] ?? NaN) !== time) {
          // What divides another leaves no gap in it.
          if (this.#constraint(tier) === 'Time_Subdivision') contested.push(change)
          ends[index] = slot
        }
      }
      own.set(change, ends)
    }
    return { slotTimes, contested, shared: own }
  }

  /** Whether a slot is of no other tier than this one and those below; of a tier with gaps, of one annotation. */
  #isOwn(slot: string, tier: ElanTier): boolean {
    const users = this.#users.get(slot) ?? []
    const sameTier = users.filter(other => other === tier).length
    return (
      users.every(other => other === tier || this.#hangsOn(other, tier)) &&
      (sameTier === 1 || this.#constraint(tier) === 'Time_Subdivision')
    )
  }

  #hangsOn(tier: ElanTier, other: ElanTier): boolean {
    const seen = new Set<string>()
    for (let at = tier.parent; at !== null && !seen.has(at);) {
      if (at === other.id) return true
      seen.add(at)
      at = this.#file.tiers.find(({ id }) => id === at)?.parent ?? null
    }
    return false
  }

  edits(changes: readonly Change[]): TextEdit[] {
    if (changes.length === 0) return []
    const { file, edits } = { file: this.#file, edits: [] as TextEdit[] }
    const { slotTimes, shared } = this.#moved(changes)
    const newSlots: { id: string; time: number }[] = []
    let lastSlot = Math.max(0, ...file.slots.map(({ id }) => numberIn(id)))
    let last = Math.max(file.lastAnnotation?.number ?? 0, ...[...this.#found.keys()].map(numberIn))
    const slotAt = (time: number) => {
      const slot = { id: `ts${++lastSlot}`, time }
      newSlots.push(slot)
      return slot.id
    }
    const added = new Map<ElanTier, string[]>()
    for (const change of changes) {
      const { annotation, span, tier, times, isRewritten } = change
      const entry = this.#vocabulary(tier)?.[span.text]
      if (annotation === null) {
        const [first, second] = times.map(slotAt)
        const reference = entry ? ` CVE_REF="${entry}"` : ''
        const element = `    <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a${++last}"${reference} TIME_SLOT_REF1="${first}" TIME_SLOT_REF2="${second}">
                <ANNOTATION_VALUE>${escaped(span.text)}</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    `
        added.set(tier, [...(added.get(tier) ?? []), element])
        continue
      }
      const attributes: Record<string, string> = {}
      for (const [index, slot] of (shared.get(change) ?? []).entries()) {
        if (slot !== null) attributes[`TIME_SLOT_REF${index + 1}`] = slotAt(times[index] ?? 0)
      }
      if (isRewritten && entry) attributes.CVE_REF = entry
      edits.push(...attribute(file.text, annotation.tag, attributes))
      if (!isRewritten) continue
      const value = escaped(span.text)
      if (annotation.value) {
        const { at, isElement } = annotation.value
        edits.push({ at, text: isElement ? `<ANNOTATION_VALUE>${value}</ANNOTATION_VALUE>` : value })
      } else {
        edits.push({
          at: [annotation.tag[1], annotation.tag[1]],
          text: `<ANNOTATION_VALUE>${value}</ANNOTATION_VALUE>`,
        })
      }
    }
    for (const [tier, elements] of added) edits.push(this.#intoTier(tier, elements.join('')))
    if (last > (file.lastAnnotation?.number ?? last)) edits.push({ at: file.lastAnnotation!.at, text: String(last) })
    return [...edits, ...this.#slotEdits(slotTimes, newSlots)]
  }

  #intoTier({ tag, end }: ElanTier, elements: string): TextEdit {
    if (end !== null) return { at: [end, end], text: elements }
    const opening = this.#file.text.slice(...tag).replace(/\s*\/>$/, '>')
    return { at: tag, text: `${opening}\n    ${elements}</TIER>` }
  }

  /** The slots in the order of their times, each at the place of one; those without a time stay behind another. */
  #slotEdits(times: ReadonlyMap<string, number>, added: readonly { id: string; time: number }[]): TextEdit[] {
    const { slots, timeOrder, text } = this.#file
    if (times.size + added.length === 0) return []
    const blocks: { time: number; elements: string[] }[] = []
    for (const { id, time, at } of slots) {
      const element = text.slice(...at)
      const moved = times.get(id)
      const now =
        moved === undefined
          ? element
          : edited(element, attribute(element, [0, element.length], { TIME_VALUE: String(moved) }))
      const known = moved ?? time
      if (known === null && blocks.length > 0) blocks.at(-1)?.elements.push(now)
      else blocks.push({ time: known ?? 0, elements: [now] })
    }
    for (const { id, time } of added) {
      blocks.push({ time, elements: [`<TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${time}"/>`] })
    }
    const elements = blocks.toSorted((a, b) => a.time - b.time).flatMap(block => block.elements)
    const rest = elements.slice(slots.length).map(element => `    ${element}\n    `)
    const inPlace = slots.map(({ at }, place) => ({ at, text: elements[place] ?? '' }))
    if (rest.length === 0 || !timeOrder) return inPlace
    const { tag, end } = timeOrder
    if (end === null) return [{ at: tag, text: `<TIME_ORDER>\n    ${rest.join('')}</TIME_ORDER>` }]
    return [...inPlace, { at: [end, end], text: rest.join('') }]
  }
}

function isWithin(inner: ElanTimes | undefined, outer: ElanTimes | undefined): boolean {
  return !!inner && !!outer && inner[0] >= outer[0] && inner[1] <= outer[1]
}

function said(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function numberIn(id: string): number {
  return Number(/^[a-z]+(\d{1,9})$/i.exec(id)?.[1] ?? 0)
}
