import { join } from 'node:path'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { isAtWork } from '../../../../api/common/rules.ts'
import type { Run, WorkbenchClient } from '../../../../api/index.ts'
import { negativesInWords } from '../../../../training/runs/loop/compared-examples.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { text, UsageError } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { shown, withWorkbench } from '../../terminal/session.ts'
import { continueRun, exportDeepSpeedJob } from './deepspeed-job-command.ts'
import { frameCacheOf, runConfigOf } from './finetune-options.ts'

/** Trains a new run or goes on with one, or sends one to a cluster and takes it back. */
export function finetune(context: CommandContext): Promise<CommandResult> {
  const {
    positionals: [folder],
    values,
  } = context
  const [resumes, exported, continued] = [text(values, 'resume'), text(values, 'export-job'), text(values, 'continue')]
  if ([folder, resumes, exported, continued].filter(given => given !== undefined).length !== 1) {
    throw new UsageError('finetune needs one of FOLDER, --resume RUN, --export-job RUN and --continue RUN.')
  }
  if (exported !== undefined) return exportDeepSpeedJob(context, exported)
  if (continued !== undefined) return continueRun(context, continued)
  return train(context, folder, resumes ?? '')
}

/** Trains to the end, or until Ctrl+C, which pauses the run after the step in flight. */
function train(context: CommandContext, folder: string | undefined, resumes: string): Promise<CommandResult> {
  const { progress, signal, values } = context
  const frameCache = frameCacheOf(values)
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const started = folder === undefined ? await resumed(client, resumes) : await begun(client, folder, context)
      progress.note(`Run ${started.id}`)
      for (const notice of started.notices) progress.note(notice)
      const pause = () => {
        client.training.pause({ id: started.id }).catch(() => {
          /* it ended by itself in the same moment */
        })
      }
      signal.addEventListener('abort', pause, { once: true })
      if (signal.aborted) pause()
      if (started.jobId !== null) await workbench.waitForJob(started.jobId, shown(started.jobId, context))
      signal.removeEventListener('abort', pause)
      progress.end()
      const run = await client.training.info({ id: started.id })
      for (const notice of run.notices) if (!started.notices.includes(notice)) progress.note(notice)
      if (run.state !== 'finished') throw new ExpectedError('run-unfinished', whyUnfinished(run))
      const { workspace } = await client.app.info()
      const checkpoint = run.model === null ? null : join(workspace, 'models', run.model, 'weights.safetensors')
      return {
        json: {
          run: run.id,
          epochs: run.epoch,
          best: run.best,
          contrast: run.contrast,
          model: run.model,
          checkpoint,
        },
        text: summary(run),
      }
    },
    { runJobs: true, usesModel: false, frameCache },
  )
}

async function begun(client: WorkbenchClient, folder: string, { values, signal }: CommandContext): Promise<Run> {
  const [presets, models] = [await client.training.presets(), await client.models.list()]
  return client.training.start(
    runConfigOf(folder, values, { presets, inUse: models.find(({ inUse }) => inUse)?.id ?? '' }),
    {
      signal,
    },
  )
}

/**
 * A run whose program was killed goes on by itself when the workbench opens; one that was paused or stopped is told to.
 */
async function resumed(client: WorkbenchClient, id: string): Promise<Run> {
  const run = await client.training.info({ id })
  return isAtWork(run.state) || run.state === 'finished' ? run : client.training.resume({ id })
}

function whyUnfinished({ id, state, step, steps, problem }: Run): string {
  const goesOn = `\`finetune --resume ${id}\` goes on`
  if (state === 'paused') return `The run is paused after step ${step} of ${steps}; ${goesOn}.`
  return problem === null
    ? `The run is ${state} after step ${step} of ${steps}.`
    : `${problem} The run and its last checkpoint are kept; ${goesOn}.`
}

function summary({ id, epoch, step, best, counts, contrast, model }: Run): string {
  const negatives = contrast && negativesInWords(contrast)
  const reached = best
    ? `; best ${best.metric} ${best.value.toFixed(4)}${counts ? ` (n = ${counts.validation})` : ''} after epoch ${best.epoch.toFixed(1)}`
    : ''
  return [
    `Run ${id}: ${epoch} epochs, ${step} steps${reached}.`,
    ...(negatives ? [negatives] : []),
    `The best checkpoint is the model ${model}.`,
  ].join('\n')
}
