import { retrievalInBlocks } from '../../../main/training/metrics/retrieval-in-blocks.ts'
import { timed } from '../result.ts'
import type { BenchResult } from '../result.ts'

const count = 100_000
/** Time grows with it in proportion: the starter's embeddings have six times as many numbers, LF-VILA's 32 times. */
const dimension = 32

/** Ranks of 100,000 texts among 100,000 videos, both ways, without their 80 GB of similarities at once. */
export async function benchRanks(): Promise<BenchResult> {
  let state = 1
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  const unit = (): Float32Array => {
    const numbers = Float32Array.from({ length: dimension }, next)
    const length = Math.hypot(...numbers)
    return numbers.map(number => number / length)
  }
  const videos = Array.from({ length: count }, unit)
  const texts = videos.map(video => {
    const noise = unit()
    return video.map((number, index) => number + 0.8 * (noise[index] ?? 0))
  })
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50)
  const question = { texts, videos, videoOf: texts.map((_, text) => text), groups: [] }
  const { seconds, result } = await timed(() => retrievalInBlocks(question, 'average', new AbortController().signal))
  clearInterval(watch)
  const note = `100,000 × 100,000, ${dimension} numbers each, both directions, with the matrix’s SHA-256; one core`
  return {
    rows: [
      { name: 'ranks in blocks', value: seconds, unit: 's', note },
      {
        name: 'ranks in blocks, memory beside the embeddings',
        value: (most - before) / 2 ** 20,
        unit: 'MiB',
        note: `the similarities at once would be ${Math.round((8 * count * count) / 2 ** 30)} GiB`,
      },
      { name: 'ranks in blocks, R@1', value: result.textToVideo.r1, unit: '', note: 'of vectors made for it' },
    ],
  }
}
