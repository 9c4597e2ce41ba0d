import { z } from 'zod'
import { english } from '../../../../native-models/english.ts'
import { wholeVideo } from '../examples/example.ts'
import { jsonLinesFormat, texts, videoName } from './reading/format.ts'

/** The published code's own jsonl files, one row per line (REFERENCE §6). */

const subtitle = z.object({ text: z.string(), start: z.number().nullish(), end: z.number().nullish() })
const subtitles = z
  .array(subtitle)
  .default([])
  .transform(list => list.map(({ text }) => text.trim()).filter(text => text !== ''))

/** `{clip_id, text}`, `text` a sentence or a list of them; with `start` and `end` only that part of the video. */
export const retrievalJsonl = jsonLinesFormat({
  id: 'retrieval-jsonl',
  tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  schema: z.object({
    clip_id: videoName,
    text: texts,
    start: z.number().min(0).nullish(),
    end: z.number().min(0).nullish(),
  }),
  content: ({ clip_id, text, start, end }) => ({
    type: 'paragraph',
    video: { name: clip_id, start: start ?? null, end: end ?? null },
    sentences: text.map(sentence => ({ text: sentence, start: null, end: null })),
  }),
})

/**
 * `{video_name, question, answer}`; the answer is the number of one of the 1,654 frequent answers, or the answer
 * itself.
 */
export const activityNetQa = jsonLinesFormat({
  id: 'activitynet-qa',
  tasks: ['qa-classification'],
  schema: z.object({
    video_name: videoName,
    question: z.string(),
    answer: z.union([z.number().int().min(0), z.string().trim().min(1)]),
  }),
  content: ({ video_name, question, answer }) => ({
    type: 'question',
    video: wholeVideo(video_name),
    question,
    subtitles: [],
    label: answer,
  }),
})

/** `{clip_id, span, text_q, text_a, text_s, answer_idx}`; a span of NaN says that it is not known. */
export const how2qa = jsonLinesFormat({
  id: 'how2qa',
  tasks: ['qa-multichoice'],
  schema: z
    .object({
      clip_id: videoName,
      text_q: z.string(),
      text_a: z.array(z.string()).min(2),
      text_s: subtitles,
      span: z.tuple([z.number().or(z.nan()), z.number().or(z.nan())]).nullish(),
      answer_idx: z.number().int().min(0),
    })
    .refine(({ text_a, answer_idx }) => answer_idx < text_a.length, {
      path: ['answer_idx'],
      message: english`there are fewer answers`,
    }),
  content: ({ clip_id, text_q, text_a, text_s, span, answer_idx }) => ({
    type: 'choices',
    video: wholeVideo(clip_id),
    question: text_q,
    answers: text_a,
    subtitles: text_s,
    label: answer_idx,
    span: span && span.every(Number.isFinite) ? span : null,
  }),
})

/** `{clip_id, text_q, text_s, answer}`: whether the video entails the statement. */
export const violin = jsonLinesFormat({
  id: 'violin',
  tasks: ['qa-classification'],
  schema: z.object({
    clip_id: videoName,
    text_q: z.string(),
    text_s: subtitles,
    answer: z.union([z.literal(0), z.literal(1), z.boolean().transform(Number)]),
  }),
  content: ({ clip_id, text_q, text_s, answer }) => ({
    type: 'question',
    video: wholeVideo(clip_id),
    question: text_q,
    subtitles: text_s,
    label: answer,
  }),
})

/** `{video_id, recipe_type}`, as for COIN and LVU; `label` is understood too. */
export const videoClassificationJsonl = jsonLinesFormat({
  id: 'video-classification-jsonl',
  tasks: ['video-classification'],
  schema: z.union([
    z
      .object({ video_id: videoName, recipe_type: z.union([z.number().int().min(0), z.string().trim().min(1)]) })
      .transform(({ video_id, recipe_type }) => ({ video_id, label: recipe_type })),
    z.object({ video_id: videoName, label: z.union([z.number().int().min(0), z.string().trim().min(1)]) }),
  ]),
  content: ({ video_id, label }) => ({ type: 'class', video: wholeVideo(video_id), label }),
})

export const clipList = z.array(z.object({ clip_id: videoName, text: z.string() })).min(1)

/** Each line the list of a long video's consecutive clips: `[{clip_id, text}, …]`. */
export const pretrainJsonl = jsonLinesFormat({
  id: 'pretrain-jsonl',
  tasks: ['pretrain-stage1', 'pretrain-stage2'],
  extensions: ['.jsonl', '.json', '.txt'],
  schema: clipList,
  content: clips => ({
    type: 'clips',
    clips: clips.map(({ clip_id, text }) => ({ video: wholeVideo(clip_id), text })),
  }),
})
