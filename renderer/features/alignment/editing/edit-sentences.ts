import type { Caption } from '../../../../main/api/index.ts'

/** Sentences after an edit, and which of them it was about. */
export interface Edited {
  readonly sentences: readonly Caption[]
  readonly selected: number | null
}

/** Seconds. */
export interface TimeSpan {
  readonly start: number
  readonly end: number
}

/** Where spans may lie: within the video, and no shorter than one of its frames. Seconds. */
export interface Bounds {
  readonly duration: number
  readonly shortest: number
}

/** To the millisecond, which is what caption files hold. */
export function toMillisecond(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

export function spanOf(sentence: Caption | undefined): TimeSpan | null {
  if (!sentence || sentence.start === null) return null
  return { start: sentence.start, end: sentence.end ?? sentence.start }
}

/** The whole span `by` seconds later, as far as the video goes. */
export function moved({ start, end }: TimeSpan, by: number, { duration }: Bounds): TimeSpan {
  const from = Math.max(0, Math.min(duration - (end - start), start + by))
  return { start: toMillisecond(from), end: toMillisecond(from + (end - start)) }
}

/** The span with one edge elsewhere; the other stays where it is, and they do not cross. */
export function resized(
  span: TimeSpan,
  edge: 'start' | 'end',
  { to, bounds }: { to: number; bounds: Bounds },
): TimeSpan {
  const start = edge === 'start' ? Math.max(0, Math.min(to, span.end - bounds.shortest)) : span.start
  const end = edge === 'end' ? Math.min(bounds.duration, Math.max(to, span.start + bounds.shortest)) : span.end
  return { start: toMillisecond(start), end: toMillisecond(end) }
}

/** An edge at the playhead. Beyond the other edge the whole span goes along, as long as it is. */
export function edgeAt(
  span: TimeSpan,
  edge: 'start' | 'end',
  { to, bounds }: { to: number; bounds: Bounds },
): TimeSpan {
  const crosses = edge === 'start' ? to > span.end - bounds.shortest : to < span.start + bounds.shortest
  return crosses ? moved(span, to - span[edge], bounds) : resized(span, edge, { to, bounds })
}

/** What a new sentence covers: between the marks, else two seconds from the playhead, up to the next sentence. */
export function newSpan(
  sentences: readonly Caption[],
  { mark, time, bounds }: { mark: Partial<TimeSpan>; time: number; bounds: Bounds },
): TimeSpan {
  const usual = 2
  const start =
    mark.start ??
    Math.max(0, Math.min(mark.end === undefined ? time : mark.end - usual, bounds.duration - bounds.shortest))
  const next = Math.min(
    bounds.duration,
    ...sentences.flatMap(one => (one.start !== null && one.start > start ? [one.start] : [])),
  )
  const passed = time >= start + bounds.shortest ? time : undefined
  const end =
    mark.end ?? (mark.start === undefined ? Math.min(start + usual, next) : (passed ?? Math.min(start + usual, next)))
  return resized({ start: toMillisecond(start), end }, 'end', { to: end, bounds })
}

export function createSentence(sentences: readonly Caption[], { start, end }: TimeSpan, text: string): Edited {
  return placed([...sentences, { text, start, end }], sentences.length)
}

export function withTimes(sentences: readonly Caption[], index: number, { start, end }: TimeSpan): Edited {
  return placed(
    sentences.map((sentence, at) => (at === index ? { ...sentence, start, end } : sentence)),
    index,
  )
}

export function withText(sentences: readonly Caption[], index: number, text: string): Edited {
  return { sentences: sentences.map((one, at) => (at === index ? { ...one, text } : one)), selected: index }
}

export function withoutSentence(sentences: readonly Caption[], index: number): Edited {
  const left = sentences.filter((_, at) => at !== index)
  return { sentences: left, selected: left.length === 0 ? null : Math.min(index, left.length - 1) }
}

/**
 * In two at a moment inside it, the words divided where they are about then, a label whole in both; null where it does
 * not go on then.
 */
export function splitSentence(
  sentences: readonly Caption[],
  index: number,
  { at, shortest, isLabel = false }: { at: number; shortest: number; isLabel?: boolean },
): Edited | null {
  const sentence = sentences[index]
  const span = spanOf(sentence)
  const time = toMillisecond(at)
  if (!sentence || !span || time < span.start + shortest || time > span.end - shortest) return null
  const share = (time - span.start) / (span.end - span.start)
  const [first, second] = isLabel ? [sentence.text, sentence.text] : dividedText(sentence.text, share)
  return {
    sentences: sentences.flatMap((one, place) =>
      place === index
        ? [
            { text: first, start: span.start, end: time },
            { text: second, start: time, end: span.end },
          ]
        : [one],
    ),
    selected: index + 1,
  }
}

/** One sentence of two that follow each other, or one label of two that are the same; null for the last. */
export function mergeWithNext(sentences: readonly Caption[], index: number, isLabel = false): Edited | null {
  const [first, second] = [sentences[index], sentences[index + 1]]
  if (!first || !second) return null
  const spans = [spanOf(first), spanOf(second)].filter(span => span !== null)
  const merged: Caption = {
    text: isLabel && first.text === second.text ? first.text : joinedText(first.text, second.text),
    start: spans.length > 0 ? Math.min(...spans.map(({ start }) => start)) : null,
    end: spans.length > 0 ? Math.max(...spans.map(({ end }) => end)) : null,
  }
  return {
    sentences: sentences.flatMap((one, at) => (at === index ? [merged] : at === index + 1 ? [] : [one])),
    selected: index,
  }
}

/** The spans proposed for those without times; when all have some, in the order of time. */
export function withProposed(
  sentences: readonly Caption[],
  proposals: readonly (TimeSpan | null)[],
): readonly Caption[] {
  const timed = sentences.map((sentence, index) => {
    const proposal = proposals[index]
    return sentence.start === null && proposal ? { ...sentence, ...roundedSpan(proposal) } : sentence
  })
  const areTimed = timed.every(({ start }) => start !== null)
  return areTimed ? timed.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0)) : timed
}

export function roundedSpan({ start, end }: TimeSpan): TimeSpan {
  return { start: toMillisecond(start), end: toMillisecond(end) }
}

/** Which sentence goes on at a moment; of several the one that began last. */
export function sentenceAt(sentences: readonly Caption[], time: number): number | null {
  let found: number | null = null
  for (const [index, sentence] of sentences.entries()) {
    const span = spanOf(sentence)
    if (span && time >= span.start && time < span.end) found = index
  }
  return found
}

/** A sentence whose times changed goes where it belongs in time; the others stay in their order. */
function placed(sentences: readonly Caption[], index: number): Edited {
  const sentence = sentences[index]
  const { start } = sentence ?? { start: null }
  if (!sentence || start === null) return { sentences, selected: index }
  const fits = [sentences[index - 1], sentences[index + 1]].every(
    (other, side) => !other || other.start === null || (side === 0 ? other.start <= start : other.start >= start),
  )
  if (fits) return { sentences, selected: index }
  const others = sentences.filter((_, at) => at !== index)
  const after = others.findIndex(other => other.start !== null && other.start > start)
  const at = after < 0 ? others.length : after
  return { sentences: others.toSpliced(at, 0, sentence), selected: at }
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u

/** Two texts with about this share of the signs in the first, whole words; a single word stands in both. */
function dividedText(text: string, share: number): [string, string] {
  const wanted = text.length * share
  const places = [...text.matchAll(/\s+/g)].map(({ index, 0: gap }) => [index, index + gap.length] as const)
  const between =
    places.length > 0 || !unspaced.test(text) ? places : [...text].slice(1).map((_, at) => [at + 1, at + 1] as const)
  const best = between.reduce<readonly [number, number] | null>(
    (near, place) => (near === null || Math.abs(place[0] - wanted) < Math.abs(near[0] - wanted) ? place : near),
    null,
  )
  return best ? [text.slice(0, best[0]), text.slice(best[1])] : [text, text]
}

function joinedText(first: string, second: string): string {
  const isUnspaced =
    unspaced.test(first.at(-1) ?? '') || unspaced.test(second.at(0) ?? '') || /[。！？，、；：」』）]$/.test(first)
  return first + (isUnspaced ? '' : ' ') + second
}
