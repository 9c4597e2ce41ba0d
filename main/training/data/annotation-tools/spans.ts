import type { AnnotationMark, Row } from '../examples/example.ts'

/** A part of a video and what is said of it, as an annotation tool has it. Seconds. */
export interface Span {
  /** The video as the annotation names it. */
  readonly video: string
  readonly start: number
  readonly end: number
  readonly text: string
  /** Where it stands in the file of a tool; null for one that stands in none. */
  readonly mark: AnnotationMark | null
  /** Where it was read, for sentences. */
  readonly source: string
}

/** Where a span was read: its line in a table, else its row and what it says. */
export function whereOf({ source, mark, text }: Span): string {
  return mark?.line ?? `${source}, ‘${text}’`
}

/** The spans of a row; `untimed` counts the texts in it that have no times, which no time line can hold. */
export function spansOf({ source, content }: Row): { readonly spans: readonly Span[]; readonly untimed: number } {
  if (content.type === 'clips') return { spans: [], untimed: content.clips.length }
  const { name: video, start: from, end: to } = content.video
  const spanOf = (text: string, [start, end]: readonly (number | null)[], mark?: AnnotationMark): Span[] =>
    start == null || end == null ? [] : [{ video, start, end, text, mark: mark ?? null, source }]
  switch (content.type) {
    case 'paragraph': {
      const spans = content.sentences.flatMap(({ text, start, end, mark }) =>
        spanOf(text, [start ?? from, end ?? to], mark),
      )
      return { spans, untimed: content.sentences.length - spans.length }
    }
    case 'moments':
      return { spans: content.windows.flatMap(([start, end]) => spanOf(content.query, [start, end])), untimed: 0 }
    case 'class': {
      const spans = spanOf(String(content.label), [from, to])
      return { spans, untimed: 1 - spans.length }
    }
    case 'question':
    case 'choices':
      return { spans: [], untimed: 1 }
    default:
      return content satisfies never
  }
}

/** What is one video in files of several tools: its name without folder and extension, in one form of its letters. */
export function videoKeyOf(name: string): string {
  const file = name.replaceAll('\\', '/').split('/').at(-1) ?? name
  return file
    .replace(/\.[^.]{1,5}$/, '')
    .normalize('NFC')
    .toLowerCase()
}
