import { z } from 'zod'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Caption } from '../../api/library/library.ts'

const seconds = z.number().min(0)
const timed = z.object({ text: z.string(), start: seconds.nullish(), end: seconds.nullish() })
export const captionJson = z.union([
  z.array(z.string()),
  z.array(timed),
  z.object({ sentences: z.array(z.string()), timestamps: z.array(z.tuple([seconds, seconds])).nullish() }),
])

/** The sentences of a JSON file in one of the forms of {@link captionJson}. @throws ExpectedError `captions-broken`. */
export function parseCaptionJson(file: string, text: string): Caption[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new ExpectedError(
      'captions-broken',
      `${file} is not valid JSON (${error instanceof Error ? error.message : String(error)}): correct or delete it.`,
      { cause: error },
    )
  }
  const negative = firstPlace(parsed, ([start, end]) => (start ?? 0) < 0 || (end ?? 0) < 0)
  if (negative !== null) {
    throw new ExpectedError('captions-broken', `${file} has a time before 0 in sentence ${negative + 1}: correct it.`)
  }
  const reversed = firstPlace(parsed, ([start, end]) => (end ?? Infinity) < (start ?? 0))
  if (reversed !== null) {
    throw new ExpectedError('captions-broken', `${file} ends sentence ${reversed + 1} before it begins: correct it.`)
  }
  const captions = captionJson.safeParse(parsed)
  if (!captions.success) {
    throw new ExpectedError(
      'captions-broken',
      `${file} is JSON but no captions: it must be a list of sentences, a list of {text, start, end}, or {sentences, timestamps}.`,
    )
  }
  const { data } = captions
  if (!Array.isArray(data)) {
    if (data.timestamps && data.timestamps.length !== data.sentences.length) {
      throw new ExpectedError(
        'captions-broken',
        `${file} has ${data.sentences.length} sentences but ${data.timestamps.length} timestamps: each sentence needs one.`,
      )
    }
    return withText(
      data.sentences.map((sentence, index) => {
        const [start, end] = data.timestamps?.[index] ?? [null, null]
        return { text: sentence, start, end }
      }),
    )
  }
  return withText(
    data.map(entry =>
      typeof entry === 'string'
        ? untimed(entry)
        : { text: entry.text, start: entry.start ?? null, end: entry.end ?? null },
    ),
  )
}

type Times = readonly [start: number | null | undefined, end: number | null | undefined]

/** The place of the first sentence with such times; null where there is none. */
function firstPlace(parsed: unknown, isSuch: (times: Times) => boolean): number | null {
  const loose = z.array(z.object({ start: z.number().nullish(), end: z.number().nullish() }))
  const pairs = z.object({ timestamps: z.array(z.tuple([z.number(), z.number()])) })
  const times =
    loose.safeParse(parsed).data?.map(({ start, end }): Times => [start, end]) ??
    pairs.safeParse(parsed).data?.timestamps
  const place = times?.findIndex(isSuch) ?? -1
  return place < 0 ? null : place
}

function withText(captions: Caption[]): Caption[] {
  return captions
    .map(caption => ({ ...caption, text: caption.text.replace(/\s+/g, ' ').trim() }))
    .filter(caption => caption.text !== '')
}

/** A sentence without times. */
export function untimed(text: string): Caption {
  return { text, start: null, end: null }
}
