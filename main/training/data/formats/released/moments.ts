import { z } from 'zod'
import { wholeVideo } from '../../examples/example.ts'
import { jsonLinesFormat, videoName } from '../reading/format.ts'

/**
 * Moments as jayleicn/moment_detr publishes QVHighlights, and line/lighthouse Charades-STA, TACoS and ActivityNet:
 * `{qid, query, duration, vid, relevant_windows: [[start, end], …]}`, seconds in the video that `vid` names (of
 * QVHighlights a part, `ID_60.0_210.0`); with `relevant_clip_ids` of two-second clips and the `saliency_scores` that
 * three people gave each of them. The queries of a published test set have neither.
 */
const row = z.object({
  qid: z.union([z.string(), z.number()]),
  query: z.string().trim().min(1),
  vid: videoName,
})
const clips = z.array(z.number().int().min(0)).nullish()
const scores = z.array(z.array(z.number())).nullish()

const unscored = {
  kind: 'row',
  sentence:
    'The query has no ‘relevant_windows’, as those of a published test set: moments are predicted for it to hand in, and not scored.',
} as const

export const moments = jsonLinesFormat({
  id: 'moments',
  tasks: ['retrieval', 'moments', 'pretrain-stage1', 'pretrain-stage2'],
  // A file of a test set has no windows, and one of predictions has its own.
  fits: row.extend({ pred_relevant_windows: z.undefined().optional() }),
  schema: row
    .extend({
      relevant_windows: z
        .array(z.tuple([z.number(), z.number()]), 'it is no list of windows, [[start, end], …]')
        .min(1, 'it has no window, so that it tells of nothing in its video')
        .nullish(),
      duration: z.number().positive().nullish(),
      relevant_clip_ids: clips,
      saliency_scores: scores,
    })
    .refine(({ relevant_clip_ids: ids, saliency_scores: given }) => !ids || !given || ids.length === given.length, {
      path: ['saliency_scores'],
      message: 'each of the relevant_clip_ids needs one',
    })
    .refine(({ saliency_scores: given }) => new Set(given?.map(({ length }) => length)).size <= 1, {
      path: ['saliency_scores'],
      message: 'each clip needs a score of everyone who rated',
    })
    .refine(
      ({ relevant_clip_ids: ids, duration }) => !ids || duration == null || ids.every(clip => clip * 2 < duration),
      { path: ['relevant_clip_ids'], message: 'a clip of two seconds begins after the end of its duration' },
    ),
  content: ({ qid, query, vid, duration, relevant_windows, relevant_clip_ids, saliency_scores }) => ({
    type: 'moments',
    video: wholeVideo(vid),
    qid,
    vid,
    duration: duration ?? null,
    query,
    windows: relevant_windows ?? [],
    saliency:
      relevant_clip_ids && saliency_scores
        ? relevant_clip_ids.map((clip, index) => ({ clip, scores: saliency_scores[index] ?? [] }))
        : null,
  }),
  note: ({ relevant_windows: windows }) => (windows ? null : unscored),
})
