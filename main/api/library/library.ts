import { oc } from '@orpc/contract'
import { z } from 'zod'
import { frame, mediaPath } from '../common/media.ts'
import { videoStates } from '../common/rules.ts'
import { removedVideo, savedView, tagChange, usedTag, viewName } from './curation.ts'
import { videoQuery, videoRules } from './video-rules.ts'

export const folder = z.object({
  id: z.number().int(),
  path: z.string(),
  videos: z.number().int(),
  /** Why the folder cannot be read just now, or null. */
  problem: z.string().nullable(),
})
export type Folder = z.infer<typeof folder>

/** `new`: found, not probed yet. `failed`: see `problem`. `missing`: the file is gone, its embeddings are kept. */
export const videoState = z.enum(videoStates)
export type VideoState = z.infer<typeof videoState>

/**
 * Whether embeddings of the model in use exist. `stale`: only embeddings of another model, preprocessing or sampling
 * do.
 */
const indexState = z.enum(['none', 'stale', 'indexed'])

export const video = z.object({
  id: z.number().int(),
  /** Null for a file opened by itself. */
  folderId: z.number().int().nullable(),
  path: z.string(),
  name: z.string(),
  state: videoState,
  problem: z.string().nullable(),
  /** Bytes. */
  size: z.number(),
  modifiedAt: z.number(),
  /** Seconds. */
  duration: z.number().nullable(),
  /** Pixels as displayed, orientation applied. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  frameRate: z.number().nullable(),
  codec: z.string().nullable(),
  hasAudio: z.boolean().nullable(),
  /** Number of caption sentences beside the file. */
  sentences: z.number().int(),
  /** What the caption file has wrong, if anything; the sentences it gave all the same are counted. */
  captionProblem: z.string().nullable(),
  /** Whether captions were edited and not saved to the file. */
  captionsEdited: z.boolean(),
  overview: indexState,
  dense: indexState,
  /**
   * What is wrong with the frames that the model in use was given, as that some were replaced; the video is indexed all
   * the same.
   */
  warnings: z.array(z.string()),
  tags: z.array(z.string()),
  thumbnail: mediaPath,
  playback: mediaPath,
})
export type Video = z.infer<typeof video>

/** One sentence of a paragraph; `start` and `end` in seconds when the caption file has times. */
export const caption = z.object({ text: z.string(), start: z.number().nullable(), end: z.number().nullable() })
export type Caption = z.infer<typeof caption>

/** What is known of a file besides what lists show. */
export const mediaFacts = z.object({
  /** Clockwise degrees the stored picture is turned for display. */
  rotation: z.number(),
  /** ffmpeg's names. */
  container: z.string(),
  pixelFormat: z.string(),
  audioCodec: z.string().nullable(),
  /** Pixels as stored. */
  storedWidth: z.number(),
  storedHeight: z.number(),
  frameCount: z.number(),
  frameCountExact: z.boolean(),
  isInterlaced: z.boolean(),
})
export type MediaFacts = z.infer<typeof mediaFacts>

export const videoDetail = video.extend({
  /** As they were edited, or as the file has them. */
  captions: z.array(caption),
  captionFile: z.string().nullable(),
  /** Null for a file that was not looked at yet, or is of no use. */
  media: mediaFacts.nullable(),
})
export type VideoDetail = z.infer<typeof videoDetail>

/** `at`: milliseconds since the epoch, of the newest embeddings; null where there are none. */
const passIndex = z.object({ state: indexState, at: z.number().nullable(), warnings: z.array(z.string()) })

/** Under which model a video is indexed, and how well; `model` null for models that are not here any more. */
export const videoIndex = z.object({ model: z.string().nullable(), overview: passIndex, dense: passIndex })
export type VideoIndex = z.infer<typeof videoIndex>

/** Several videos together; `duration` in seconds, `size` in bytes, `first` a few of them to be shown. */
export const selectionSummary = z.object({
  videos: z.number().int(),
  duration: z.number(),
  size: z.number(),
  unusable: z.number().int(),
  indexed: z.number().int(),
  /** How many of them have each tag. */
  tags: z.array(usedTag),
  first: z.array(video),
  paths: z.array(z.string()),
})
export type SelectionSummary = z.infer<typeof selectionSummary>

export const librarySummary = z.object({
  videos: z.number().int(),
  /** Total duration, seconds. */
  duration: z.number(),
  failed: z.number().int(),
  overview: z.object({ indexed: z.number().int(), stale: z.number().int() }),
  dense: z.object({ indexed: z.number().int(), stale: z.number().int() }),
})
export type LibrarySummary = z.infer<typeof librarySummary>

const jobStarted = z.object({ jobId: z.number().int() })

export const libraryContract = {
  folders: oc.output(z.array(folder)),
  /** Opens a folder (recursively) and starts a scan job, followed by an index job when `index` is set. */
  addFolder: oc
    .input(z.object({ path: z.string().min(1), index: z.boolean().default(true), dense: z.boolean().default(true) }))
    .output(z.object({ folder, jobId: z.number().int() })),
  /** Opens one file without its folder; probes it at once. */
  openVideo: oc.input(z.object({ path: z.string().min(1) })).output(video),
  /** Forgets the folder and its embeddings; the files stay untouched. */
  removeFolder: oc.input(z.object({ id: z.number().int() })).output(z.void()),
  rescan: oc.output(jobStarted),
  summary: oc.output(librarySummary),
  /**
   * `scores`: what a list is sorted by where that is a cosine similarity or, of an evaluation, the mean of
   * {@link videoStanding}; null for a video without one, which comes last. `scored`: how many of all have one.
   */
  videos: oc.input(videoQuery).output(
    z.object({
      total: z.number().int(),
      videos: z.array(video),
      scores: z.array(z.number().nullable()).nullable(),
      scored: z.number().int().nullable(),
    }),
  ),
  /** Every video that the rules select, in their order. */
  ids: oc.input(videoRules).output(z.array(z.number().int())),
  /** Under which models a video is indexed: those that are here first, the one in use before the others. */
  indexes: oc.input(z.object({ id: z.number().int() })).output(z.array(videoIndex)),
  /** What several videos are together. */
  describe: oc.input(z.object({ videoIds: z.array(z.number().int()) })).output(selectionSummary),
  tags: oc.output(z.array(usedTag)),
  /** Returns what really changed; the same with `tagged` the other way round undoes it. */
  tag: oc.input(z.object({ changes: z.array(tagChange) })).output(z.object({ changed: z.array(tagChange) })),
  views: oc.output(z.array(savedView)),
  /** Under a name that exists already the rules take the place of those before. */
  saveView: oc.input(z.object({ name: viewName, rules: videoRules })).output(z.object({ id: z.number().int() })),
  renameView: oc.input(z.object({ id: z.number().int(), name: viewName })).output(z.void()),
  removeView: oc.input(z.object({ id: z.number().int() })).output(z.void()),
  /** Reads these files again as if they were new; tags and embeddings stay. */
  reread: oc.input(z.object({ videoIds: z.array(z.number().int()) })).output(jobStarted),
  /** Takes videos off the list until they are put back; the files stay untouched. Returns their paths. */
  removeVideos: oc
    .input(z.object({ videoIds: z.array(z.number().int()) }))
    .output(z.object({ paths: z.array(z.string()) })),
  removed: oc.output(z.array(removedVideo)),
  /** All of them when `paths` is null. */
  putBack: oc.input(z.object({ paths: z.array(z.string()).nullable() })).output(jobStarted),
  video: oc.input(z.object({ id: z.number().int() })).output(videoDetail),
  /** Evenly spaced frames over the whole video, or over a span of it in seconds, for strips. */
  strip: oc
    .input(
      z.object({
        id: z.number().int(),
        count: z.number().int().min(1).max(128),
        span: z.object({ from: z.number().min(0), to: z.number().min(0) }).optional(),
      }),
    )
    .output(z.array(frame)),
  /** Indexes what is not indexed yet; everything when `videoIds` is null. `model` null: with the one in use. */
  index: oc
    .input(
      z.object({
        videoIds: z.array(z.number().int()).nullable().default(null),
        dense: z.boolean().default(true),
        model: z.string().nullable().default(null),
      }),
    )
    .output(jobStarted),
  /** Seconds at which pictures begin that can be decoded without any other, ascending. */
  keyframes: oc.input(z.object({ id: z.number().int() })).output(z.array(z.number())),
  /** A playable copy of a video that the window cannot play; the path of `playback` stays the same. */
  makeProxy: oc.input(z.object({ id: z.number().int() })).output(jobStarted),
  /** The folders inside `path` (the home folder when null), for choosing one where there is no native dialog. */
  browse: oc.input(z.object({ path: z.string().nullable() })).output(
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      folders: z.array(z.object({ name: z.string(), path: z.string() })),
      videos: z.number().int(),
    }),
  ),
}
