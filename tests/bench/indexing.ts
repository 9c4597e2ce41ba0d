import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine, forkLauncher } from '../../main/engine/index.ts'
import { denseSegments, probe, sampleOverview, sampleSegments } from '../../main/media/index.ts'
import type { LfVilaEncoder } from '../../main/models/index.ts'
import { EmbeddingLedger } from '../../main/retrieval/embedding-ledger.ts'
import { indexVideos, type IndexableVideo } from '../../main/retrieval/indexing.ts'
import { segmentsOf, type Segment } from '../../main/retrieval/segments.ts'
import { VectorStore } from '../../main/retrieval/vectors.ts'
import { openDatabase } from '../../main/storage/index.ts'
import { openFullSizeModel, openSmallModel } from './full-size-model.ts'
import { makeVideo } from './test-video.ts'
import { timed, type BenchResult, type BenchRow } from './result.ts'

const VIDEOS = 4
const SECONDS = 40
const PASSES = ['overview', 'dense'] as const
const settings = { sampling: 'fast' as const, denseRate: 2 }
const sampler = { sampleOverview, sampleSegments, denseSegments }

/**
 * Indexing both passes of real files, against decoding the same segments alone and running the model on as many alone.
 * Perfect overlap takes as long as the slower of the two.
 */
export async function benchIndexing(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-indexing-'))
  const engine = new Engine({ launch: forkLauncher() })
  try {
    const videos: IndexableVideo[] = []
    for (let id = 1; id <= VIDEOS; id += 1) {
      const path = join(folder, `video-${id}.mp4`)
      await makeVideo(path, { seconds: SECONDS, width: 1280, height: 720, seed: id })
      videos.push({ id, path, contentId: `video-${id}`, info: await probe(path) })
    }
    const rows: BenchRow[] = []
    for (const [label, open] of [['small model', openSmallModel], ['full size', openFullSizeModel]] as const) {
      const encoder = await open(folder, engine)
      const place = join(folder, label)
      await mkdir(place)
      rows.push(...await measure(label, encoder, videos, place))
      rows.push({ name: `engine memory, ${label}`, value: (engine.status().memory ?? Number.NaN) / 2 ** 20, unit: 'MiB', note: 'resident, after indexing' })
      await encoder.dispose()
    }
    return { rows }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(label: string, encoder: LfVilaEncoder, videos: readonly IndexableVideo[], folder: string): Promise<BenchRow[]> {
  const decoding = await timed(async () => {
    const segments: Segment[] = []
    for (const video of videos) {
      for (const pass of PASSES) {
        const sampling = { mode: settings.sampling, height: encoder.height, width: encoder.width }
        for await (const segment of segmentsOf(sampler, video, { pass, frames: encoder.frames, denseRate: settings.denseRate }, sampling)) segments.push(segment)
      }
    }
    return segments
  })
  const segments = decoding.result
  // The first run loads the model, which an index job does once as well but which is no part of its throughput.
  for (const segment of segments.slice(0, 1)) await encoder.encodeVideo(segment.frames)
  const inference = await timed(async () => {
    for (const segment of segments) await encoder.encodeVideo(segment.frames)
  })
  const store = await VectorStore.open(join(folder, 'vectors'))
  const database = openDatabase(join(folder, 'library.db'))
  try {
    const ledger = new EmbeddingLedger(database)
    const fail = (video: IndexableVideo, reason: string) => { throw new Error(`${video.path}: ${reason}`) }
    const indexing = await timed(() => indexVideos({ store, ledger, sampler, encoder: async () => encoder, settings: () => settings }, () => videos, PASSES, {
      signal: new AbortController().signal, progress: () => undefined, fail,
    }))
    const slower = Math.max(decoding.seconds, inference.seconds)
    const note = `${segments.length} segments of ${encoder.frames} frames from ${videos.length} videos, 1280 × 720, H.264`
    return [
      { name: `indexing, ${label}`, value: segments.length / indexing.seconds, unit: 'segments/s', note },
      { name: `decoding alone, ${label}`, value: segments.length / decoding.seconds, unit: 'segments/s' },
      { name: `model alone, ${label}`, value: segments.length / inference.seconds, unit: 'segments/s' },
      { name: `overlap, ${label}`, value: 100 * slower / indexing.seconds, unit: '%', note: 'the slower of the two alone, of the time of indexing; at least 85 %' },
    ]
  } finally {
    await store.close()
    database.close()
  }
}
