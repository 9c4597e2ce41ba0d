import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import type { DatasetProblem } from '../../../../api/training/datasets.ts'
import type { MediaInfo } from '../../../../media/media-info.ts'
import { probe } from '../../../../media/probing/probe.ts'
import type { Example } from '../../examples/example.ts'
import { lengthOf, openVideos, timedVideos, withinVideos } from './impossible-times.ts'
import type { RowUse, VideoLength } from './impossible-times.ts'
import { Problems } from './problems.ts'

/** Examples named in a notice. */
const namesShown = 3

interface Settling {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number, current: string | null) => void
}

interface Settled {
  readonly examples: readonly Example[]
  /** A sentence for each kind of time that was not in its video. */
  readonly notices: string[]
  /** The videos that could not be opened, by path: what rows tell of them is looked at when their frames are read. */
  readonly unopened: string[]
}

/** Opens the videos that rows tell of by times, and gives the examples without times that these do not have. */
export async function settleTimes(
  examples: readonly Example[],
  use: RowUse,
  { signal, onProgress }: Settling,
): Promise<Settled> {
  const lengths = new Map<string, VideoLength>()
  const videos = timedVideos(examples)
  if (videos.length > 0) {
    await openVideos(videos, { probe, signal, onProgress }, (video, info) => {
      if (info) lengths.set(video, lengthOf(info))
    })
  }
  const problems = new Problems()
  return {
    examples: withinVideos(examples, { ...use, lengths, problems }),
    notices: problems.list().map(noticeOf),
    unopened: videos.filter(video => !lengths.has(video)),
  }
}

/**
 * The same of a row whose video could not be opened then and can be now. @throws ExpectedError `video-times` when
 * nothing is left of it.
 */
export function settleLate(
  example: Example,
  { video, info, ...use }: { readonly video: string; readonly info: MediaInfo } & RowUse,
): { example: Example; notices: string[] } {
  const problems = new Problems()
  const [settled] = withinVideos([example], { ...use, lengths: new Map([[video, lengthOf(info)]]), problems })
  const notices = problems.list().map(noticeOf)
  if (!settled) {
    throw new ExpectedError('video-times', `${example.source} has no times that are in its video: ${notices[0] ?? ''}`)
  }
  return { example: settled, notices }
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
