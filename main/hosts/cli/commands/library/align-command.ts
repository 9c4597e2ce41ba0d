import type { CommandResult } from '../../terminal/command.ts'
import { UsageError } from '../../terminal/command.ts'
import { clock } from '../../terminal/progress-line.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { openVideo, sayUntrained, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'
import { paragraphOf } from './paragraph.ts'

export async function align(context: CommandContext): Promise<CommandResult> {
  const sentences = await paragraphOf(context)
  if (sentences === null) throw new UsageError('align needs either --text or --captions.')
  const [path = ''] = context.positionals
  return withWorkbench(context, async ({ client }) => {
    const video = await openVideo(client, path, context.signal)
    const alignment = await client.inspect.align({ videoId: video.id, text: sentences }, { signal: context.signal })
    await sayUntrained(client, context.progress)
    for (const warning of alignment.warnings) context.progress.note(warning)
    const clips = alignment.clips.map(({ start, end }) => ({ start, end }))
    const rows = clips.map((clip, index) => [
      `${clock(clip.start)}–${clock(clip.end)}`,
      ...(alignment.similarity[index] ?? []).map(score => score.toFixed(3)),
    ])
    return {
      json: { clips, sentences: alignment.sentences.map(sentence => sentence.text), similarity: alignment.similarity },
      text:
        `${alignment.sentences.map((sentence, index) => `${index + 1}  ${sentence.text}`).join('\n')}\n\n` +
        table(['clip', ...alignment.sentences.map((_, index) => String(index + 1))], rows),
    }
  })
}
