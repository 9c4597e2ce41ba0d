import type { Alignment } from '../../api/inspection/inspect.ts'

type Span = readonly [start: number, end: number]

/** Where a sentence is, by each account, in seconds. */
export interface SentenceSpans {
  readonly found: readonly Span[]
  /** Runs of clips that the best path in order gives to it. */
  readonly onPath: readonly Span[]
  readonly caption: readonly Span[]
}

export function spansOf({
  sentences,
  windows,
  path,
  clips,
}: Pick<Alignment, 'sentences' | 'windows' | 'path' | 'clips'>): SentenceSpans[] {
  return sentences.map(({ start, end }, sentence) => {
    const window = windows[sentence]
    const onPath: [number, number][] = []
    path.forEach((on, clip) => {
      const place = clips[clip]
      if (on !== sentence || !place) return
      const last = onPath.at(-1)
      if (last && path[clip - 1] === sentence) last[1] = place.end
      else onPath.push([place.start, place.end])
    })
    return {
      found: window ? [[window.start, window.end]] : [],
      onPath,
      caption: start === null ? [] : [[start, end ?? start]],
    }
  })
}
