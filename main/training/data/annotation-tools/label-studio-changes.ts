import { english } from '../../../../native-models/english.ts'
import { asTask, labelTask, partsOf, secondsOf, statedRate, videoOfTask } from '../formats/tools/label-studio-task.ts'
import type { LabelledPart } from '../formats/tools/label-studio-task.ts'
import type { Changes } from './changes.ts'
import { videoKeyOf, whereOf } from './spans.ts'
import type { Span } from './spans.ts'

/** What of a task is changed in place; everything else of it is not even looked at. */
interface RawResult {
  id?: string
  type?: string
  from_name?: string
  value: { ranges?: { start: number; end: number }[]; start?: number; end?: number; [labels: string]: unknown }
}
interface RawTask {
  annotations?: { result: RawResult[] }[]
  completions?: { result: RawResult[] }[]
}

interface Place {
  readonly part: LabelledPart
  readonly result: RawResult
  readonly results: RawResult[]
  readonly rate: number | null
}

/**
 * The tasks of a JSON export, or the records of a short one (JSON-MIN), with the regions as the spans have them: a
 * region is known by its task, its annotation and its own id, `1/10/r1`, in a short export by its tag and place.
 * Nothing else of the export is touched. A span without an id is added to the first annotation of its video's task
 * where its text is a label that the export has.
 * @param tasks one task or a list, as parsed. @param frameRate of the project; null where annotations state it.
 */
export function withRegions(tasks: unknown, spans: readonly Span[], frameRate: number | null): Changes {
  const list: unknown[] = Array.isArray(tasks) ? tasks : [tasks]
  const places = new Map<string, Place>()
  const homes = new Map<string, { readonly results: RawResult[]; readonly rate: number | null }[]>()
  const labels = new Map<string, { readonly from: string; readonly example: RawResult }>()
  const shortened: {
    readonly record: Record<string, unknown>
    readonly results: RawResult[]
    readonly known: number
  }[] = []
  for (const given of list) {
    const raw = asTask(given)
    const task = labelTask.safeParse(raw)
    if (!task.success) continue
    const video = videoOfTask(task.data)
    for (const [index, annotation] of (task.data.annotations ?? task.data.completions ?? []).entries()) {
      const results = ((raw as RawTask).annotations ?? (raw as RawTask).completions)?.[index]?.result ?? []
      if (raw !== given) {
        shortened.push({ record: given as Record<string, unknown>, results, known: results.length })
      }
      const rate = frameRate ?? statedRate(annotation)
      for (const part of partsOf(annotation)) {
        const { region, range, from } = part
        const result = results.find(({ id, type }) => id === region && type !== 'textarea')
        if (!result) continue
        const id = [task.data.id, annotation.id, region, ...(range > 0 ? [range] : [])].join('/')
        places.set(id, { part, result, results, rate })
        for (const label of labelsOf(result)) labels.set(label, { from, example: result })
      }
      if (video !== null && annotation.was_cancelled !== true) {
        const key = videoKeyOf(video).replace(/^[\da-f]{8}-/, '')
        homes.set(key, [...(homes.get(key) ?? []), { results, rate }])
      }
    }
  }
  const refused: string[] = []
  const spoken = new Set<string>()
  let [changed, added, unchanged] = [0, 0, 0]
  for (const span of spans) {
    const id = span.mark?.id ?? null
    const place = id === null ? null : places.get(id)
    const outcome =
      id === null
        ? addedTo(homes.get(videoKeyOf(span.video).replace(/^[\da-f]{8}-/, '')) ?? [], span, labels)
        : place === null || place === undefined
          ? english`the export has no region ${id}`
          : spoken.has(id)
            ? english`the region ${id} is there twice`
            : changedAt(place, span, labels)
    if (id !== null) spoken.add(id)
    if (outcome === 'changed') changed += 1
    else if (outcome === 'added') added += 1
    else if (outcome === 'unchanged') unchanged += 1
    else refused.push(`${whereOf(span)}: ${outcome}`)
  }
  for (const { record, results, known } of shortened) {
    for (const { from_name: from = '', value } of results.slice(known)) {
      record[from] = [...(Array.isArray(record[from]) ? (record[from] as unknown[]) : []), value]
    }
  }
  return {
    text: `${JSON.stringify(tasks, null, 2)}\n`,
    changed,
    added,
    unchanged,
    untouched: [...places.keys()].filter(id => !spoken.has(id)).length,
    refused,
  }
}

function labelsOf({ value }: RawResult): string[] {
  const given = value.timelinelabels ?? value.labels
  return Array.isArray(given) ? given.map(String) : []
}

const noRate = english`it counts in frames, and nothing says at which rate (--frame-rate)`
const firstAfter = english`it ends before it starts`

function changedAt(
  { part, result, results, rate }: Place,
  { start, end, text }: Span,
  labels: ReadonlyMap<string, unknown>,
): string {
  if (end <= start) return firstAfter
  if (part.unit === 'frames' && rate === null) return noRate
  const before = secondsOf(part, rate ?? 1)
  const frames = rate === null ? null : framesOf(start, end, rate)
  const isMoved =
    part.unit === 'frames'
      ? frames?.start !== part.start || frames?.end !== part.end
      : Math.abs((before.start ?? 0) - start) > 5e-4 || Math.abs((before.end ?? 0) - end) > 5e-4
  const isRewritten = text.trim() !== part.text
  const said = results.find(({ id, type }) => id === result.id && type === 'textarea')
  if (isRewritten && !said && !text.split(', ').every(label => labels.has(label))) {
    return english`‘${text}’ is no label that the export has`
  }
  if (isRewritten && said) said.value.text = [text]
  else if (isRewritten) result.value[result.value.timelinelabels ? 'timelinelabels' : 'labels'] = text.split(', ')
  if (isMoved) {
    // A text about a region repeats its place.
    for (const { id, value } of results) {
      if (id !== result.id) continue
      const range = value.ranges?.[part.range]
      if (part.unit === 'seconds') Object.assign(value, { start, end })
      else if (range && frames) Object.assign(range, frames)
    }
  }
  return isMoved || isRewritten ? 'changed' : 'unchanged'
}

function addedTo(
  homes: readonly { readonly results: RawResult[]; readonly rate: number | null }[],
  { video, start, end, text, mark }: Span,
  labels: ReadonlyMap<string, { readonly from: string; readonly example: RawResult }>,
): string {
  const [home] = homes
  const label = labels.get(text)
  if (!home) return english`no task of the export is about ${video}`
  if (!label || (mark?.tier && mark.tier !== label.from)) return english`‘${text}’ is no label that the export has`
  if (end <= start) return firstAfter
  const { example } = label
  if (example.value.ranges && home.rate === null) return noRate
  const place = example.value.ranges ? { ranges: [framesOf(start, end, home.rate ?? 1)] } : { start, end }
  const taken = new Set(home.results.map(({ id }) => id))
  let number = home.results.length + 1
  while (taken.has(`lfvila${number}`)) number += 1
  const named = example.value.timelinelabels ? { timelinelabels: [text] } : { labels: [text] }
  home.results.push({ ...example, id: `lfvila${number}`, value: { ...place, ...named } })
  return 'added'
}

/** Frames as Label Studio counts them, from 1; the last one is part of what is labelled. */
export function framesOf(start: number, end: number, rate: number): { start: number; end: number } {
  const first = Math.round(start * rate) + 1
  return { start: first, end: Math.max(first, Math.round(end * rate)) }
}
