import type { DatasetProblem, RowTask } from '../../../../api/training/datasets.ts'
import { probe } from '../../../../media/probing/probe.ts'
import type { Example } from '../../examples/example.ts'
import { lengthOf, openVideos, timedVideos, withinVideos } from './impossible-times.ts'
import type { VideoLength } from './impossible-times.ts'
import { Problems } from './problems.ts'

/** Examples named in a notice. */
const namesShown = 3

interface Settling {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number, current: string | null) => void
}

/**
 * Opens the videos that rows tell of by times, and gives the examples without times that these do not have, with a
 * sentence for each kind that was found.
 */
export async function settleTimes(
  examples: readonly Example[],
  task: RowTask,
  { signal, onProgress }: Settling,
): Promise<{ examples: readonly Example[]; notices: string[] }> {
  const lengths = new Map<string, VideoLength>()
  const videos = timedVideos(examples)
  // What cannot be opened is told when its frames are wanted.
  if (videos.length > 0) {
    await openVideos(videos, { probe, signal, onProgress }, (video, info) => {
      if (info) lengths.set(video, lengthOf(info))
    })
  }
  const problems = new Problems()
  return { examples: withinVideos(examples, { task, lengths, problems }), notices: problems.list().map(noticeOf) }
}

/** A kind of problem as one sentence of a run or an evaluation. */
export function noticeOf({ count, sentence, examples }: DatasetProblem): string {
  return `${count} × ${sentence.replace(/\.$/, '')} (${examples.slice(0, namesShown).join('; ')}${count > namesShown ? '; …' : ''}).`
}

/** What the rows of a folder have that a run or an evaluation on them is to say. */
export function noticesOf(problems: readonly DatasetProblem[]): string[] {
  return problems
    .filter(({ kind }) => kind === 'times' || kind === 'one-class' || kind === 'missing-class')
    .map(noticeOf)
}
