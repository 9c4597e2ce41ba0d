import { oc } from '@orpc/contract'
import { z } from 'zod'
import { logLevels } from './common/rules.ts'

/** What is looked at, in the order in which it is told. */
export const findingSubject = z.enum([
  'program',
  'workspace',
  'space',
  'database',
  'ffmpeg',
  'ffprobe',
  'devices',
  'model',
  'jobs',
  'log',
])
export type FindingSubject = z.infer<typeof findingSubject>

/** One thing that was looked at. `text` says what was found, and what to do where it is not as it should be. */
export const finding = z.object({
  subject: findingSubject,
  state: z.enum(['fine', 'warning', 'fault']),
  text: z.string(),
})
export type Finding = z.infer<typeof finding>

/** `report` is the same and more as plain text, to be sent to somebody; `at` in milliseconds since the epoch. */
export const diagnosis = z.object({ at: z.number(), findings: z.array(finding), report: z.string() })
export type Diagnosis = z.infer<typeof diagnosis>

export const logLevel = z.enum(logLevels)
export type LogLevel = z.infer<typeof logLevel>

/** A line of the log; `details` is what it carries beside its text, such as the stack of an error. */
export const logEntry = z.object({
  time: z.number(),
  level: logLevel,
  text: z.string(),
  details: z.string().nullable(),
})
export type LogEntry = z.infer<typeof logEntry>

export const diagnosticsContract = {
  /** `paths` false: the report names no folders, files, users and titles. Devices are tried out where they were not. */
  diagnose: oc.input(z.object({ paths: z.boolean().default(true) })).output(diagnosis),
  /** The newest entries of at least a level, newest first; `more` when there are older ones. */
  log: oc
    .input(z.object({ least: logLevel.default('info'), count: z.number().int().min(1).max(2000).default(200) }))
    .output(z.object({ file: z.string(), entries: z.array(logEntry), more: z.boolean() })),
}
