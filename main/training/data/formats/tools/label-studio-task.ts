import { z } from 'zod'
import { english } from '../../../../../native-models/english.ts'
import { isVideoFile } from '../../../../library/folders/video-files.ts'

/**
 * A task of Label Studio as its JSON export has it (labelstud.io/guide/export, tags/timelinelabels): only what is
 * understood here; everything else is left alone.
 */
const range = z.object({ start: z.number().nullish(), end: z.number().nullish() })
const value = z
  .object({
    /** Frames, counted from 1. */
    ranges: z.array(range).optional(),
    /** Seconds, of regions on the sound track. */
    start: z.number().optional(),
    end: z.number().optional(),
    text: z.union([z.string().transform(text => [text]), z.array(z.string())]).optional(),
    framesCount: z.number().positive().optional(),
    duration: z.number().positive().optional(),
    timelinelabels: z.array(z.string()).optional(),
    labels: z.array(z.string()).optional(),
  })
  .catch({})
const result = z.object({
  id: z.string().optional(),
  type: z.string().optional(),
  from_name: z.string().optional(),
  to_name: z.string().optional(),
  value,
})
const annotation = z.object({
  id: z.union([z.number(), z.string()]).optional(),
  result: z.array(result),
  was_cancelled: z.boolean().nullish(),
  ground_truth: z.boolean().nullish(),
})
export type LabelAnnotation = z.infer<typeof annotation>
export const labelTask = z
  .object({
    id: z.union([z.number(), z.string()]).optional(),
    data: z.record(z.string(), z.unknown()),
    annotations: z.array(annotation).optional(),
    /** Before version 1.0. */
    completions: z.array(annotation).optional(),
  })
  .refine(({ annotations, completions }) => annotations !== undefined || completions !== undefined, {
    path: ['annotations'],
    message: english`a task has a list of them`,
  })
export type LabelTask = z.infer<typeof labelTask>

/** What a record of the short export has beside the data of its task and what was labelled. */
const ofShortRecord = new Set([
  'id',
  'annotator',
  'annotation_id',
  'created_at',
  'updated_at',
  'lead_time',
  'agreement',
])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A record of the short export (JSON-MIN) as the task that it was made of; anything else as it is. Such a record is one
 * annotation: the data of its task, and under the name of each labelling tag the values of its regions, without ids
 * (HumanSignal/label-studio-sdk, `convert_to_json_min`). The values are those of the record itself, so that what is
 * changed in them is changed there.
 */
export function asTask(record: unknown): unknown {
  if (!isObject(record) || !('annotation_id' in record) || !('lead_time' in record) || 'annotations' in record) {
    return record
  }
  const fields = Object.entries(record).filter(([name]) => !ofShortRecord.has(name))
  const labelled = fields.flatMap(([name, values]) =>
    Array.isArray(values) && values.some(isObject) ? [[name, values.filter(isObject)] as const] : [],
  )
  const result = labelled.flatMap(([from_name, values]) =>
    values.map((value, place) => ({ id: `${from_name}#${place + 1}`, from_name, value })),
  )
  return {
    id: record.id,
    data: Object.fromEntries(fields.filter(([name]) => !labelled.some(([other]) => other === name))),
    annotations: record.annotation_id === null ? [] : [{ id: record.annotation_id, result }],
  }
}

/** The tags of a record of the short export that hold several texts: which region each is of it does not say. */
export function textsWithoutRegion(record: unknown): string[] {
  if (asTask(record) === record || !isObject(record)) return []
  return Object.entries(record).flatMap(([name, values]) =>
    Array.isArray(values) && values.length > 0 && values.every(value => typeof value === 'string') ? [name] : [],
  )
}

/** What is labelled of a video: seconds where the tool counts in them, else frames from 1, the last one included. */
export interface LabelledPart {
  readonly region: string
  readonly from: string
  /** Of several ranges of a region the place. */
  readonly range: number
  readonly unit: 'frames' | 'seconds'
  readonly start: number | null
  readonly end: number | null
  readonly text: string
}

/** The parts of a video that one person has labelled; other results are passed over. */
export function partsOf({ result: results }: LabelAnnotation): LabelledPart[] {
  const texts = new Map(
    results.flatMap(({ id, type, value: { text } }) =>
      type === 'textarea' && id && text ? [[id, text] as const] : [],
    ),
  )
  return results.flatMap(({ id = '', type, from_name: from = '', value: given }): LabelledPart[] => {
    // A text about a region repeats the region's place.
    if (type === 'textarea') return []
    const labels = given.timelinelabels ?? given.labels ?? []
    const text = (texts.get(id) ?? labels).map(said => said.trim()).join(texts.has(id) ? ' ' : ', ')
    if (given.ranges) {
      return given.ranges.map(({ start = null, end = null }, place) => ({
        region: id,
        from,
        range: place,
        unit: 'frames',
        start,
        end,
        text,
      }))
    }
    const { start, end } = given
    return start === undefined || end === undefined
      ? []
      : [{ region: id, from, range: 0, unit: 'seconds', start, end, text }]
  })
}

/** Frames a second that an annotation states of its video where boxes were drawn; null where it does not. */
export function statedRate({ result: results }: LabelAnnotation): number | null {
  for (const {
    value: { framesCount, duration },
  } of results) {
    if (framesCount && duration) return framesCount / duration
  }
  return null
}

/** Frame 1 is shown from 0 s on; the last one is part of what is labelled. */
export function secondsOf(
  { unit, start, end }: Pick<LabelledPart, 'unit' | 'start' | 'end'>,
  rate: number,
): { readonly start: number | null; readonly end: number | null } {
  if (unit === 'seconds') return { start, end }
  return { start: start === null ? null : (start - 1) / rate, end: end === null ? null : end / rate }
}

/** The video of a task, as its address names it; null where several fields or none hold one. */
export function videoOfTask({ data }: LabelTask): string | null {
  const addresses = Object.entries(data).flatMap(([field, address]) => {
    const name = typeof address === 'string' ? nameInAddress(address) : null
    return name === null || !(isVideoFile(name) || field === 'video') ? [] : [{ field, name }]
  })
  const named = addresses.filter(({ field }) => field === 'video')
  const [first, ...more] = named.length > 0 ? named : addresses
  return first === undefined || more.some(({ name }) => name !== first.name) ? null : first.name
}

/** `/data/upload/1/0f3c9a1b-a.mp4`, `/data/local-files/?d=videos/a.mp4`, `s3://bucket/a.mp4?versionId=1`, `a.mp4`. */
function nameInAddress(address: string): string | null {
  const [, local] = /[?&]d=([^&]+)/.exec(address) ?? []
  const path = (local ?? address.replace(/[?#].*$/, '')).replaceAll('\\', '/')
  const name = path.split('/').at(-1) ?? ''
  let decoded = name
  try {
    decoded = decodeURIComponent(name)
  } catch {
    // It is as it stands.
  }
  return decoded === '' ? null : decoded
}
