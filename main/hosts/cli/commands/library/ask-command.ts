import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import type { Model, WorkbenchClient } from '../../../../api/index.ts'
import type { VideoAnswer } from '../../../../api/inspection/questions.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { text } from '../../terminal/command.ts'
import { clock } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { openVideo, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** The model of the command line, or the only one that is made for such a question. */
async function answering(client: WorkbenchClient, given: string | undefined, kind: Model['kind']): Promise<string> {
  if (given !== undefined) return given
  const fit = (await client.models.list()).filter(model => model.kind === kind).map(({ id }) => id)
  const [only] = fit
  if (only !== undefined && fit.length === 1) return only
  throw new ExpectedError(
    'model-kind',
    only === undefined
      ? `No model here is of kind ${kind}, which such a question needs; train one or import one.`
      : `Several models are of kind ${kind}: ${fit.join(', ')}; say which with --model.`,
  )
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export function ask(context: CommandContext): Promise<CommandResult> {
  const [path = '', ...words] = context.positionals
  const question = words.join(' ')
  const { answer: given = [] } = context.values
  const answers = [given].flat().map(String)
  const kind = answers.length > 0 ? 'qa-multichoice' : question === '' ? 'video-classification' : 'qa-classification'
  return withWorkbench(
    context,
    async ({ client }) => {
      const { signal } = context
      const model = await answering(client, text(context.values, 'model'), kind)
      const video = await openVideo(client, path, signal)
      let found: VideoAnswer | null = null
      for await (found of await client.questions.ask({ videoId: video.id, model, question, answers }, { signal })) {
        if (!context.values.evidence) break
      }
      if (!found) throw new Error('no answer was given')
      for (const warning of found.warnings) context.progress.note(warning)
      const { span } = found
      const inside = span?.filter(({ probability }) => probability >= 0.5) ?? []
      return {
        json: {
          model,
          answers: found.answers,
          span,
          evidence: context.values.evidence
            ? found.evidence.map(({ start, end, without, answerWithout }) => ({ start, end, without, answerWithout }))
            : null,
        },
        text: [
          table(
            ['answer', 'probability'],
            found.answers.map(answer => [answer.text, percent(answer.probability)]),
          ),
          ...(span
            ? [
                inside.length === 0
                  ? 'The head for spans finds the answer in no frame.'
                  : `The head for spans finds the answer in ${inside.length} of ${span.length} frames: ${inside.map(({ time }) => clock(time)).join(', ')}.`,
              ]
            : []),
          ...(context.values.evidence
            ? [
                table(
                  ['hidden', 'first answer', 'answer without'],
                  found.evidence.map(({ start, end, without, answerWithout }) => [
                    `${clock(start)}–${clock(end)}`,
                    percent(without ?? 0),
                    answerWithout ?? '',
                  ]),
                ),
              ]
            : []),
        ].join('\n\n'),
      }
    },
    { usesModel: false },
  )
}
