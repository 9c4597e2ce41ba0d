import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { Task } from '../../../api/training/datasets.ts'
import { isPretraining, videoKey } from '../../data/examples/example.ts'
import type { Example } from '../../data/examples/example.ts'

/** The examples of each video, by their places. */
export type ExamplesByVideo = readonly (readonly number[])[]

/**
 * The examples of each video, where a contrastive loss would compare several texts of one: each would count as wrong
 * for a video that it tells of, so that they are kept in different batches. Null where no video has several, and where
 * groups decide what comes together.
 */
export function examplesToKeepApart(task: Task, examples: readonly Example[]): ExamplesByVideo | null {
  if (task !== 'retrieval' && !isPretraining(task)) return null
  const videos = new Map<string, number[]>()
  for (const [place, { content, group }] of examples.entries()) {
    if (group !== undefined) return null
    const key = videoKey(content)
    const places = videos.get(key)
    if (places) places.push(place)
    else videos.set(key, [place])
  }
  return videos.size === examples.length ? null : [...videos.values()]
}

/** How many batches of a size an epoch has in which no video is twice. */
export function batchesApart(videos: ExamplesByVideo, batchSize: number): number {
  const total = videos.reduce((sum, { length }) => sum + length, 0)
  for (let batches = Math.floor(total / batchSize); batches > 1; batches--) {
    // Each batch can have one example of a video.
    const usable = videos.reduce((sum, { length }) => sum + Math.min(length, batches), 0)
    if (usable >= batches * batchSize) return batches
  }
  return 1
}

/**
 * An epoch's order in which no batch has a video twice: the examples are dealt in rounds of one to each batch, those of
 * a video one after the other, each to a batch that is drawn among those left in the round without that video. What
 * fills no batch is left out of the epoch.
 */
export function orderApart(
  videos: ExamplesByVideo,
  { batchSize, batches }: { readonly batchSize: number; readonly batches: number },
  random: Random,
): number[] {
  const all = Array.from({ length: batches }, (_, batch) => batch)
  const places = all.map((): number[] => [])
  let left: number[] = []
  for (const video of random.shuffled(videos)) {
    const used = new Set<number>()
    for (const place of random.shuffled(video).slice(0, batches)) {
      if (left.length === 0) left = random.shuffled(all)
      const index = left.findLastIndex(batch => !used.has(batch))
      const [batch = 0] = left.splice(index, 1)
      used.add(batch)
      places[batch]?.push(place)
    }
  }
  return places.flatMap(batch => batch.slice(0, batchSize))
}
