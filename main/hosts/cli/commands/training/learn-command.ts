import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { passes } from '../../../../api/common/rules.ts'
import { choice, text } from '../../terminal/command.ts'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, openVideo, withWorkbench } from '../../terminal/session.ts'

/** A model that learns from captions as they were corrected. */
export function learn(context: CommandContext): Promise<CommandResult> {
  const { values, signal, positionals } = context
  const pass = choice(values, 'pass', passes) ?? 'dense'
  const name = text(values, 'name') ?? null
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const videoIds: number[] = []
      for (const path of positionals) videoIds.push((await openVideo(client, path, signal)).id)
      if (positionals.length === 0) videoIds.push(...(await client.learning.corrected()).map(one => one.videoId))
      if (videoIds.length === 0) {
        throw new ExpectedError(
          'nothing-to-learn',
          'No captions were corrected in this workspace: correct some on the timeline of Alignment, or name the videos whose captions have the right times.',
        )
      }
      const { jobId, model } = await client.learning.start({ videoIds, pass, name }, { signal })
      const job = await followJob(workbench, jobId, context)
      if (job.problem !== null) throw new ExpectedError('nothing-to-learn', job.problem)
      const { learned } = await client.models.info({ id: model })
      if (!learned) throw new Error(`the job has made no model ‘${model}’`)
      const { from, projection, videos, sentences, before, after, leftOut } = learned
      const of = (count: number) => `${count} of ${sentences} (${Math.round((100 * count) / sentences)} %)`
      return {
        json: { model, from, projection, pass: learned.pass, videos, sentences, before, after, leftOut },
        text: [
          `The model ‘${model}’ is ‘${from}’ with its projection ${projection} trained on ${sentences} sentences of ${videos} ${videos === 1 ? 'video' : 'videos'}.`,
          `Sentences whose best clip lies in their span: ${of(before)} before, ${of(after)} after, on the same sentences that it was trained on.`,
          `Each by what the others taught: ${of(leftOut)}. A few corrections are learnt by heart: what other sentences gain is this number.`,
        ].join('\n'),
      }
    },
    { runJobs: true },
  )
}
