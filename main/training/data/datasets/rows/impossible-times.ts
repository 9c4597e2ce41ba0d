import { basename } from 'node:path'
import type { RowTask } from '../../../../api/training/datasets.ts'
import { clipsIn, isPretraining, videosOf } from '../../examples/example.ts'
import type { Example, ExampleContent, RowContent, TimedSentence, VideoSpan } from '../../examples/example.ts'
import type { Problems } from './problems.ts'

/** When a video's first picture is shown and its last one ends, seconds. */
export interface VideoLength {
  readonly start: number
  readonly end: number
  /** How far an annotation may be off without a word: one picture. */
  readonly tolerance: number
}

export function lengthOf({
  firstFrameTime,
  duration,
  frameRate,
}: {
  firstFrameTime: number
  duration: number
  frameRate: number
}): VideoLength {
  return { start: firstFrameTime, end: firstFrameTime + duration, tolerance: Math.max(0.05, 1 / frameRate) }
}

/** What rows are for. */
export interface RowUse {
  readonly task: RowTask
  /**
   * Clips that one pre-training example has, as many as the model: a row with fewer would give the wrong number of
   * frames (REFERENCE §6). By default {@link publishedClips}.
   */
  readonly clips?: number
}

/** Clips of a pre-training example of the published models. */
export const publishedClips = 4

type Fault = 'negative' | 'reversed' | 'empty' | 'after' | 'late'
/**
 * What is wrong with times, and what is done: a part of which something is in the video is cut to that; nothing is
 * turned round or moved.
 */
const sentences: Readonly<Record<'row' | 'sentence' | 'window', Readonly<Record<Fault, string>>>> = {
  row: {
    negative: 'The row begins before 0 s; it is taken from the beginning of its video.',
    reversed: 'The row ends before it starts; it is left out.',
    empty: 'The row ends where it starts; it is left out.',
    after: 'The row begins after the end of its video; it is left out.',
    late: 'The row ends after the end of its video; it is taken to that end.',
  },
  sentence: {
    negative: 'The sentence begins before 0 s; its time is taken from the beginning of its video.',
    reversed: 'The time of the sentence ends before it starts; the sentence is kept, its time is left out.',
    empty: 'The time of the sentence ends where it starts; the sentence is kept, its time is left out.',
    after: 'The time of the sentence begins after the end of its video; the sentence is kept, its time is left out.',
    late: 'The time of the sentence ends after the end of its video; it is cut there.',
  },
  window: {
    negative: 'The window begins before 0 s; it is taken from the beginning of its video.',
    reversed: 'The window ends before it starts; it is left out.',
    empty: 'The window ends where it starts; it is left out.',
    after: 'The window begins after the end of its video; it is left out.',
    late: 'The window ends after the end of its video; it is cut there.',
  },
}

interface Times {
  readonly start: number | null
  readonly end: number | null
}

/** What can be used of a part; null when nothing can. @param length of its video, where that is known. */
function possible({ start, end }: Times, length: VideoLength | undefined, say: (fault: Fault) => void): Times | null {
  if (start !== null && end !== null && end <= start) {
    say(end < start ? 'reversed' : 'empty')
    return null
  }
  if (length && start !== null && start >= length.end) {
    say('after')
    return null
  }
  const early = start !== null && start < 0
  const late = length !== undefined && end !== null && end > length.end + length.tolerance
  if (end !== null && end <= 0) {
    say('empty')
    return null
  }
  if (early) say('negative')
  if (late) say('late')
  return { start: early ? 0 : start, end: late ? length.end : end }
}

interface TimesOfSource {
  readonly source: string
  /** Of videos by path, as far as they are known. */
  readonly lengths: ReadonlyMap<string, VideoLength>
  readonly problems: Problems
}

/**
 * A row without times that cannot be, or null when nothing is left of it.
 */
export function withPossibleTimes<Content extends RowContent<VideoSpan> | ExampleContent>(
  content: Content,
  { source, lengths, problems }: TimesOfSource,
): Content | null {
  if (content.type === 'clips') return content
  const length = lengths.get(content.video.path)
  const known = length ? ` of ${seconds(length.end)}` : ''
  const say =
    (what: 'row' | 'sentence' | 'window', { start, end }: Times) =>
    (fault: Fault) => {
      const lost = fault !== 'negative' && fault !== 'late'
      problems.add('times', {
        severity:
          (what === 'row' || (content.type === 'moments' && content.windows.length === 1)) && lost
            ? 'error'
            : 'warning',
        sentence: sentences[what][fault],
        example: `${source}: ${seconds(start)} – ${seconds(end)}${known}`,
      })
    }
  const times = possible(content.video, length, say('row', content.video))
  if (times === null) return null
  const video = { ...content.video, ...times }
  const within = withinPart(times, length)
  if (content.type === 'choices' && content.span !== null) {
    const [start, end] = content.span
    const span = possible({ start, end }, within, say('sentence', { start, end }))
    return { ...content, video, span: span && [span.start ?? start, span.end ?? end] }
  }
  if (content.type === 'moments') {
    const windows = content.windows.flatMap(([start, end]) => {
      const window = possible({ start, end }, within, say('window', { start, end }))
      return window ? [[window.start ?? start, window.end ?? end] as const] : []
    })
    return windows.length === 0 && content.windows.length > 0 ? null : { ...content, video, windows }
  }
  if (content.type !== 'paragraph') return { ...content, video }
  const told = content.sentences.map((sentence): TimedSentence => ({
    ...sentence,
    ...(possible(sentence, within, say('sentence', sentence)) ?? { start: null, end: null }),
  }))
  return { ...content, video, sentences: told }
}

/** What sentences can tell of: of a part of a video no more than that. */
function withinPart({ end }: Times, length: VideoLength | undefined): VideoLength | undefined {
  if (end === null || (length && length.end <= end)) return length
  return { start: length?.start ?? 0, end, tolerance: length?.tolerance ?? 0.05 }
}

function seconds(time: number | null): string {
  return time === null ? '…' : `${Number(time.toFixed(3))} s`
}

/** The examples without times that their videos do not have; those of which nothing is left are left out. */
export function withinVideos(
  examples: readonly Example[],
  {
    task,
    clips = publishedClips,
    lengths,
    problems,
  }: { readonly lengths: ReadonlyMap<string, VideoLength>; readonly problems: Problems } & RowUse,
): Example[] {
  return examples.flatMap(example => {
    const content = withPossibleTimes(example.content, { source: example.source, lengths, problems })
    if (content === null) return []
    if (isPretraining(task) && content.type === 'paragraph' && clipsIn(content).length < clips) {
      problems.add('times', {
        severity: 'error',
        sentence: `The row has fewer than ${clips} sentences whose times are in the video; it is left out.`,
        example: example.source,
      })
      return []
    }
    return [{ ...example, content }]
  })
}

/** The videos of which rows tell by times. */
export function timedVideos(examples: readonly Example[]): string[] {
  return [
    ...new Set(examples.flatMap(({ content }) => (isTimed(content) ? videosOf(content).map(video => video.path) : []))),
  ]
}

function isTimed(content: ExampleContent): boolean {
  const has = ({ start, end }: Times) => start !== null || end !== null
  if (content.type === 'clips') return false
  return (
    has(content.video) ||
    (content.type === 'paragraph' && content.sentences.some(has)) ||
    content.type === 'moments' ||
    (content.type === 'choices' && content.span !== null)
  )
}

/** Videos that are opened together: probing waits for the disk and a small process, more than for a core. */
const probedTogether = 4

export interface ProbeOptions<Info> {
  readonly probe: (path: string, options: { signal: AbortSignal }) => Promise<Info>
  readonly signal: AbortSignal
  readonly onProgress?: ((done: number, total: number, current: string | null) => void) | undefined
}

/**
 * Opens videos, several at a time; `onInfo` gets what each is, or why it cannot be opened. @throws the abort reason.
 */
export async function openVideos<Info>(
  videos: readonly string[],
  { probe, signal, onProgress }: ProbeOptions<Info>,
  onInfo: (video: string, info: Info | null, error: unknown) => void,
): Promise<void> {
  let [next, done] = [0, 0]
  const lane = async (): Promise<void> => {
    for (let video = videos[next++]; video !== undefined; video = videos[next++]) {
      onProgress?.(done, videos.length, basename(video))
      try {
        onInfo(video, await probe(video, { signal }), null)
      } catch (error) {
        signal.throwIfAborted()
        onInfo(video, null, error)
      }
      done += 1
    }
  }
  await Promise.all(Array.from({ length: probedTogether }, lane))
  onProgress?.(videos.length, videos.length, null)
}
