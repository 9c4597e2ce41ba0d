import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { languages, limits, samplings, themes } from './common/rules.ts'
import { within } from './common/within.ts'
import { deviceChoice, engineStatus, precisionChoice } from './engine.ts'
import { job } from './jobs.ts'

export const settings = z.object({
  theme: z.enum(themes),
  /** Of the window's own words. */
  language: z.enum(languages),
  device: deviceChoice,
  /** What the model computes in; embeddings are keyed by it. */
  precision: precisionChoice,
  /** The paper's validation transform in floating point, or one scaling pass in the decoder. */
  sampling: z.enum(samplings),
  /** Sampling rate of the dense pass, frames per second. */
  denseRate: within(limits.denseRate),
  /** Bytes of decoded frames that training keeps on the disk for its next epochs; 0 for none. */
  frameCache: within(limits.frameCache),
  /** Watch opened folders and index what changes. */
  watch: z.boolean(),
  /** Paths of the executables; null to look them up. */
  ffmpeg: z.string().nullable(),
  ffprobe: z.string().nullable(),
  /** Touch no network: nothing is downloaded. */
  offline: z.boolean(),
  /** Ask for a new version of the program at its start, where the copy says where to; off unless turned on. */
  updates: z.boolean(),
  /** Where copies of the published files are, as `URL/<download>/<file>`; null for the publishers' own addresses. */
  downloadMirror: z.url({ protocol: /^https?$/ }).nullable(),
  /**
   * Where embeddings are, from the next start on: a folder, or an address of LanceDB (`s3://…`); null for the
   * workspace.
   */
  vectorStore: z.string().trim().min(1).max(1000).nullable(),
})
export type Settings = z.infer<typeof settings>

/** A fallback or a condition the user must see until it ends. */
export const notice = z.object({ id: z.string(), level: z.enum(['info', 'warning', 'error']), text: z.string() })
export type Notice = z.infer<typeof notice>

/** Decoded frames that training keeps in the workspace: how many bytes. */
export const frameCacheUse = z.object({ bytes: z.number() })
export type FrameCacheUse = z.infer<typeof frameCacheUse>

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'server', 'cli']),
  workspace: z.string(),
  platform: z.string(),
  /** Whether `pickFolder` and `pickFiles` open the system's dialogs. */
  nativeDialogs: z.boolean(),
  /**
   * Whether this window may name no programs and write exports only below `exportFolder`: it is served, and its user
   * may sit elsewhere.
   */
  confined: z.boolean(),
  /** Whether a new version can be asked for: the packaged desktop app, where whoever packaged it gave an address. */
  updates: z.boolean(),
  /** Where exports are proposed to go. */
  exportFolder: z.string(),
})
export type AppInfo = z.infer<typeof appInfo>

/**
 * How far a request is that is no job. `key` names what is asked for: `attention VIDEO`, `patch VIDEO`,
 * `verify FIXTURE`, `start NAME`. `done` and `total` where the stage has steps.
 */
export const work = z.object({
  key: z.string(),
  stage: z.enum(['frames', 'model', 'case', 'rows', 'keeping']),
  done: z.number().nullable(),
  total: z.number().nullable(),
  current: z.string().nullable(),
})
export type Work = z.infer<typeof work>

/** Everything the window is told without asking. `job` is sent at most ten times a second per job. */
export const workbenchEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job }),
  z.object({ type: z.literal('job-removed'), id: z.number().int() }),
  z.object({ type: z.literal('library') }),
  z.object({ type: z.literal('models') }),
  z.object({ type: z.literal('map') }),
  z.object({ type: z.literal('runs') }),
  z.object({ type: z.literal('evaluations') }),
  z.object({ type: z.literal('settings'), settings }),
  z.object({ type: z.literal('engine'), status: engineStatus }),
  z.object({ type: z.literal('notices'), notices: z.array(notice) }),
  z.object({ type: z.literal('work'), work }),
])
export type WorkbenchEvent = z.infer<typeof workbenchEvent>

export const appContract = {
  info: oc.output(appInfo),
  notices: oc.output(z.array(notice)),
  settings: oc.output(settings),
  changeSettings: oc.input(settings.partial()).output(settings),
  frameCache: oc.output(frameCacheUse),
  clearFrameCache: oc.output(frameCacheUse),
  /** Null when the dialog was closed without a choice. */
  pickFolder: oc.output(z.string().nullable()),
  pickFiles: oc.input(z.object({ title: z.string(), extensions: z.array(z.string()) })).output(z.array(z.string())),
  events: oc.output(eventIterator(workbenchEvent)),
}
