import { resolve } from 'node:path'
import { videosOfFrames } from '../../../../training/data/extracted-frames/videos-of-frames.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { text, UsageError } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { rateIn } from './dataset-options.ts'

/** Problems that are named to people; all of them are in the JSON document. */
const problemsShown = 10

/** Videos of folders of extracted frames, as some benchmarks come. */
export async function makeVideosOfFrames({
  positionals: [folder = ''],
  values,
  progress,
  signal,
}: CommandContext): Promise<CommandResult> {
  const [out, frameRate] = [text(values, 'out'), rateIn(text(values, 'frame-rate'))]
  if (out === undefined) throw new UsageError('--out is required.')
  if (frameRate === undefined) {
    throw new UsageError('--frame-rate is required: frames do not say how many of them are a second.')
  }
  const choice = { folder: resolve(folder), out: resolve(out), frameRate, overwrite: values.overwrite === true }
  const made = await videosOfFrames(choice, {
    signal,
    onProgress: (done, total, current) => progress.count('Make videos', { done, total, current }),
  })
  progress.end()
  const { videos, pictures, kept, problems } = made
  return {
    json: { out: choice.out, ...made },
    text: [
      `${videos} videos of ${pictures} frames are written to ${choice.out}${kept > 0 ? `; ${kept} were there already` : ''}.`,
      ...problems.slice(0, problemsShown).map(({ folder: name, reason }) => `${name} ${reason}`),
      ...(problems.length > problemsShown ? [`and ${problems.length - problemsShown} more`] : []),
    ].join('\n'),
    ...(problems.length > 0 && { exitCode: 1 as const }),
  }
}
