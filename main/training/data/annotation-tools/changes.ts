/** What came of putting spans back into a file: nothing is done in silence. */
export interface Changes {
  readonly text: string
  /** Annotations with other times or another text than before. */
  readonly changed: number
  readonly added: number
  readonly unchanged: number
  /** Annotations that no span speaks of; they stay as they are. */
  readonly untouched: number
  /** Spans that could not be put back, each as `source: why`. */
  readonly refused: readonly string[]
}

export interface TextEdit {
  readonly at: readonly [start: number, end: number]
  readonly text: string
}

/** The text with all edits, which do not overlap; those at one place in their order. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = []
  let end = 0
  for (const { at, text: replacement } of edits.toSorted((a, b) => a.at[0] - b.at[0])) {
    pieces.push(text.slice(end, at[0]), replacement)
    end = at[1]
  }
  return [...pieces, text.slice(end)].join('')
}
