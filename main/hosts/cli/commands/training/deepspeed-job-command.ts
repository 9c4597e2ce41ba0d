import { resolve } from 'node:path'
import type { CommandResult } from '../../terminal/command.ts'
import { text, UsageError } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'

/** Writes a run as a DeepSpeed job of the published code. */
export function exportDeepSpeedJob(context: CommandContext, run: string): Promise<CommandResult> {
  const { values, signal } = context
  const out = text(values, 'out')
  if (out === undefined) throw new UsageError('--out is required with --export-job.')
  return withWorkbench(
    context,
    async ({ client }) => {
      const job = await client.training.exportJob(
        { id: run, folder: resolve(out), overwrite: values.overwrite === true },
        { signal },
      )
      return {
        json: job,
        text: `The job is written to ${job.folder}; its README.md says how to run it:\n${job.command}`,
      }
    },
    { usesModel: false },
  )
}

/** Makes a run that goes on from what such a job has written. */
export function continueRun(context: CommandContext, run: string): Promise<CommandResult> {
  const checkpoint = text(context.values, 'checkpoint')
  if (checkpoint === undefined) throw new UsageError('--checkpoint is required with --continue.')
  return withWorkbench(
    context,
    async ({ client }) => {
      const {
        id,
        config: { model },
      } = await client.training.importContinuation(
        { id: run, checkpoint: resolve(checkpoint) },
        { signal: context.signal },
      )
      return {
        json: { run: id, continues: run, model },
        text: `The checkpoint is the model ${model}; the run ${id} begins with it: \`finetune --resume ${id}\` goes on.`,
      }
    },
    { usesModel: false },
  )
}
