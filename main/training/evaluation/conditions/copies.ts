import { relative } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { CopiesFound } from '../../../api/evaluation/conditions.ts'
import type { RowTask } from '../../../api/training/datasets.ts'
import { videosOf } from '../../data/examples/example.ts'
import type { Example, VideoSpan } from '../../data/examples/example.ts'
import { openLabelledFolder } from '../../data/examples/folder.ts'
import type { VideoIndex } from '../../data/examples/video-index.ts'

/** Videos that are compared at most, spread evenly over those that can be. */
const mostCompared = 20

/** An evaluated video, and the original that it is a copy of. */
export interface CopyPair {
  readonly copy: VideoSpan
  readonly original: VideoSpan
  readonly name: string
}

export interface CopyPairs {
  /** At most {@link mostCompared}. */
  readonly pairs: readonly CopyPair[]
  readonly videos: number
  readonly found: number
  readonly unclear: number
}

/** The videos of a folder of originals. @throws ExpectedError when it cannot be read, or the task has no embeddings. */
export async function openOriginals(folder: string, task: RowTask, signal: AbortSignal): Promise<VideoIndex> {
  if (task !== 'retrieval') {
    throw new ExpectedError(
      'model-kind',
      'Copies are compared with their originals by embeddings, which a model that answers does not give; evaluate without originals.',
    )
  }
  return (await openLabelledFolder({ folder, videos: null }, signal)).videos
}

/**
 * The originals of evaluated videos, by the rules by which annotations find their videos: one of the same path inside
 * the folder, else of the same name. Where several could be meant, none is taken.
 * @param home of the videos that are evaluated.
 */
export function copyPairs(
  examples: readonly Example[],
  { home, originals }: { readonly home: string; readonly originals: VideoIndex },
): CopyPairs {
  const copies = new Map(
    examples.flatMap(({ content }) => videosOf(content).map(video => [JSON.stringify(video), video] as const)),
  )
  const pairs: CopyPair[] = []
  let unclear = 0
  for (const copy of copies.values()) {
    const name = relative(home, copy.path)
    const { files: found, part } = originals.find({ name, ...(copy.start === null ? {} : copy) })
    const [path] = found
    if (found.length > 1) unclear += 1
    if (path === undefined || found.length > 1 || path === copy.path) continue
    pairs.push({ copy, name, original: { path, start: part?.start ?? copy.start, end: part?.end ?? copy.end } })
  }
  const step = Math.max(1, pairs.length / mostCompared)
  const taken = Array.from(
    { length: Math.min(pairs.length, mostCompared) },
    (_, place) => pairs[Math.floor(place * step)],
  ).flatMap(pair => pair ?? [])
  return { pairs: taken, videos: copies.size, found: pairs.length, unclear }
}

/** Cosines of copies with their originals, summed up. @param cosines of the pairs, null where one could not be read. */
export function copiesFound(
  { pairs, videos, found, unclear }: CopyPairs,
  cosines: readonly (number | null)[],
): CopiesFound {
  const known = pairs
    .flatMap(({ name }, place) => {
      const cosine = cosines[place] ?? null
      return cosine === null ? [] : [{ name, cosine }]
    })
    .sort((a, b) => a.cosine - b.cosine)
  const [low, high] = [known[Math.ceil(known.length / 2) - 1], known[Math.floor(known.length / 2)]]
  return {
    ...{ videos, found, unclear, compared: known.length, unreadable: pairs.length - known.length },
    least: known[0] ? { video: known[0].name, cosine: known[0].cosine } : null,
    median: low && high ? (low.cosine + high.cosine) / 2 : null,
  }
}
