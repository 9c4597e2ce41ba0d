/** `[start, end]`, seconds. */
export type Window = readonly [number, number]

/** A query for moments and what people said of it; times are those of the named video or part of a video. */
export interface MomentQuery {
  readonly qid: string | number
  readonly query: string
  /** As the annotation names it. */
  readonly vid: string
  /** Seconds; null where the annotation does not say. */
  readonly duration: number | null
  readonly windows: readonly Window[]
  /** Of two-second clips counted from 0, what each person gave it (0–4); null where nobody was asked. */
  readonly saliency: readonly { readonly clip: number; readonly scores: readonly number[] }[] | null
}

/** What a model says of a query. */
export interface MomentPrediction {
  /** `[start, end, score]`, the likeliest first. */
  readonly windows: readonly (readonly [number, number, number])[]
  /** One for each two-second clip, the higher the more of a highlight; null where the model does not say. */
  readonly saliency: readonly number[] | null
}

/** A query with what was predicted for it. */
export interface JudgedQuery {
  readonly query: MomentQuery
  readonly prediction: MomentPrediction
}

/** Seconds of the clips that highlights are rated in (QVHighlights). */
export const ratedClip = 2
