import type { AttentionWords } from '../../../../api/index.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { number, text, UsageError, wholeNumber } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { openVideo, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** What words and frames of a text and a video attend to, in a layer that reads them together. */
export function wordAttention(context: CommandContext, paragraph: string): Promise<CommandResult> {
  const { values, positionals, progress, signal } = context
  for (const name of ['stage', 'block', 'rollout']) {
    if (values[name] !== undefined) throw new UsageError(`--${name} is of frames alone; with a text, give --layer.`)
  }
  const counted = (name: string) => (text(values, name) === undefined ? null : wholeNumber(values, name, { least: 0 }))
  const asked = { layer: counted('layer'), head: counted('head'), at: number(values, 'at', { least: 0 }) ?? null }
  const [path = ''] = positionals
  return withWorkbench(
    context,
    async ({ client }) => {
      const video = await openVideo(client, path, signal)
      const model = text(values, 'model') ?? null
      const found = await client.inspect.attentionWords(
        { videoId: video.id, model, text: paragraph, ...asked },
        { signal },
      )
      for (const warning of found.warnings) progress.note(warning)
      const { segment, segments, sentences, words, shares, layer, head, map } = found
      const span = segment === null ? undefined : segments[segment]
      const frames = found.frames.map(frame => frame.time)
      return {
        json: {
          ...{ segment, segments: segments.length, start: span?.start ?? null, end: span?.end ?? null },
          ...{ model: found.model, sentences, words, frames, layer, head, shares, map },
        },
        text: `Layer ${layer} of ${shares.length}, ${head === null ? `mean of ${shares[0]?.length ?? 0} heads` : `head ${head}`}.\n\n${wordTable(found)}`,
      }
    },
    { usesModel: false },
  )
}

/** For each word how much of it is for the video, the frame that it looks at most, and the word. */
function wordTable({ words, frames, map }: AttentionWords): string {
  const rows = words.map((word, place) => {
    const row = map[place] ?? []
    const [toWords, toFrames] = [row.slice(0, words.length), row.slice(words.length)]
    const [nearest, frame] = [strongest(toWords), strongest(toFrames)]
    return [
      nameOf(word),
      `${(100 * toFrames.reduce((sum, weight) => sum + weight, 0)).toFixed(1)} %`,
      `${(frames[frame]?.time ?? 0).toFixed(1)} s ${(toFrames[frame] ?? 0).toFixed(3)}`,
      `${nameOf(words[nearest])} ${(toWords[nearest] ?? 0).toFixed(3)}`,
    ]
  })
  return table(['word', 'on the video', 'frame', 'other word'], rows)
}

const nameOf = (word: AttentionWords['words'][number] | undefined): string => word?.text || '(whole text)'

const strongest = (weights: readonly number[]): number => weights.indexOf(Math.max(...weights))
