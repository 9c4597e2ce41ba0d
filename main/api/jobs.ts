import { oc } from '@orpc/contract'
import { z } from 'zod'
import { jobStates } from './common/rules.ts'

export const jobKind = z.enum([
  'scan',
  'index',
  'map',
  'demo',
  'proxy',
  'download',
  'export',
  'report',
  'finetune',
  'evaluate',
  'trace',
  'learn',
])
export type JobKind = z.infer<typeof jobKind>

export const jobState = z.enum(jobStates)
export type JobState = z.infer<typeof jobState>

/**
 * `done` and `total` count the job's own unit (videos, files, cases); `rate` is units per second over the last half
 * minute.
 */
export const jobProgress = z.object({
  done: z.number(),
  total: z.number().nullable(),
  unit: z.string(),
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  current: z.string().nullable(),
})
export type JobProgress = z.infer<typeof jobProgress>

/**
 * One thing a job could not do; the rest of the job went on. `reason` is one sentence with the cause and the remedy.
 */
export const jobFailure = z.object({ path: z.string(), reason: z.string() })
export type JobFailure = z.infer<typeof jobFailure>

/** A durable piece of work. `problem` is set when the whole job failed. Times are milliseconds since the epoch. */
export const job = z.object({
  id: z.number().int(),
  kind: jobKind,
  title: z.string(),
  state: jobState,
  progress: jobProgress,
  failures: z.array(jobFailure),
  problem: z.string().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
})
export type Job = z.infer<typeof job>

export const jobsContract = {
  /** Newest first; finished jobs are kept until dismissed. */
  list: oc.output(z.array(job)),
  /** Takes effect between two steps of seconds; what is finished stays finished. */
  cancel: oc.input(z.object({ id: z.number().int() })).output(job),
  dismiss: oc.input(z.object({ id: z.number().int() })).output(z.void()),
}
