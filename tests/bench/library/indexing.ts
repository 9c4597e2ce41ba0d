import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { probe } from '../../../main/media/probing/probe.ts'
import { SamplingThread } from '../../../main/media/sampling-thread/sampling-thread.ts'
import type { VideoTextEncoder } from '../../../main/models/encoders/encoder.ts'
import type { IndexableVideo } from '../../../main/retrieval/embedding/embedding-parts.ts'
import { segmentsOf } from '../../../main/retrieval/embedding/segments.ts'
import type { Segment } from '../../../main/retrieval/embedding/segments.ts'
import { indexVideos } from '../../../main/retrieval/indexing/indexing.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { openFullSizeModel, openSmallModel } from '../engine/full-size-model.ts'
import { median, timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'
import { makeVideo } from '../test-video.ts'

const videoCount = 3
const videoSeconds = 40
/**
 * Indexing is measured this often, each time between two measurements of the stages alone: a machine's speed drifts
 * within minutes.
 */
const roundCount = 5
const passes = ['overview', 'dense'] as const
const settings = { sampling: 'fast' as const, denseRate: 2 }
const sampler = new SamplingThread()

/**
 * Indexing both passes of real files, against decoding the same segments alone and running the model on as many alone.
 */
export async function benchIndexing(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-indexing-'))
  const engine = new Engine({ launch: forkLauncher() })
  try {
    const videos: IndexableVideo[] = []
    for (let id = 1; id <= videoCount; id += 1) {
      const path = join(folder, `video-${id}.mp4`)
      await makeVideo(path, { seconds: videoSeconds, width: 1280, height: 720, seed: id })
      const { size, mtimeMs: modifiedAt } = await stat(path)
      videos.push({ id, path, size, modifiedAt, contentId: `video-${id}`, info: await probe(path) })
    }
    const rows: BenchRow[] = []
    for (const [label, open] of [
      ['small model', openSmallModel],
      ['full size', openFullSizeModel],
    ] as const) {
      const encoder = await open(folder, engine)
      const place = join(folder, label)
      await mkdir(place)
      const measured = await measure(label, encoder, videos, place)
      rows.push(...measured.rows)
      rows.push({
        name: `engine memory, ${label}`,
        value: (engine.status().memory ?? Number.NaN) / 2 ** 20,
        unit: 'MiB',
        note: 'resident, after indexing',
      })
      if (label === 'full size') {
        const elsewhere = join(folder, 'elsewhere')
        await mkdir(elsewhere)
        rows.push(
          ...(
            await measure(
              'a model on other hardware',
              await elsewhereEncoder(encoder, measured.secondsPerSegment),
              videos,
              elsewhere,
            )
          ).rows
            .filter(({ name }) => name.startsWith('overlap'))
            .map(row => ({
              ...row,
              note: 'stand-in for a GPU: takes as long for a segment as the full-size model, without using a core; wanted: at least 85 %',
            })),
        )
      }
      await encoder.dispose()
    }
    return { rows }
  } finally {
    await engine.close()
    await sampler.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(
  label: string,
  encoder: VideoTextEncoder,
  videos: readonly IndexableVideo[],
  folder: string,
): Promise<{ rows: BenchRow[]; secondsPerSegment: number }> {
  const alone = async () => {
    const decoding = await timed(() => decodeAll(encoder, videos))
    const model = await timed(async () => {
      for (const segment of decoding.result) await encoder.encodeVideo(segment.frames)
    })
    return { decoding: decoding.seconds, model: model.seconds, segments: decoding.result.length }
  }
  // The first run loads the model, which an index job does once as well but which is no part of its throughput.
  const [first] = await decodeAll(encoder, videos.slice(0, 1))
  if (first) await encoder.encodeVideo(first.frames)
  const rounds: { decoding: number; model: number; indexing: number; overlap: number; busy: number }[] = []
  let before = await alone()
  for (let round = 0; round < roundCount; round += 1) {
    const idle = coreTime()
    const indexing = await indexAll(encoder, videos, join(folder, String(round)))
    const busy = coreTime()
    const after = await alone()
    const [decoding, model] = [(before.decoding + after.decoding) / 2, (before.model + after.model) / 2]
    rounds.push({
      decoding,
      model,
      indexing,
      overlap: Math.max(decoding, model) / indexing,
      busy: 1 - (busy.idle - idle.idle) / (busy.total - idle.total),
    })
    before = after
  }
  const usual = (of: keyof (typeof rounds)[number]): number => median(rounds.map(round => round[of]))
  const overlaps = rounds.map(({ overlap }) => overlap)
  const rows = [
    {
      name: `indexing, ${label}`,
      value: before.segments / usual('indexing'),
      unit: 'segments/s',
      note: `${before.segments} segments of ${encoder.frames} frames from ${videos.length} videos, 1280 × 720, H.264, 2.4 Mbit/s; median of ${roundCount} runs`,
    },
    { name: `decoding alone, ${label}`, value: before.segments / usual('decoding'), unit: 'segments/s' },
    { name: `model alone, ${label}`, value: before.segments / usual('model'), unit: 'segments/s' },
    {
      name: `overlap, ${label}`,
      value: 100 * usual('overlap'),
      unit: '%',
      note: `the slower of the two alone, before and after, ÷ indexing; single runs ${(100 * Math.min(...overlaps)).toFixed(0)}–${(100 * Math.max(...overlaps)).toFixed(0)}; wanted: at least 85 %`,
    },
    {
      name: `cores busy while indexing, ${label}`,
      value: 100 * usual('busy'),
      unit: '%',
      note: 'all programs together; only the rest could still be filled by more overlap',
    },
  ]
  return { rows, secondsPerSegment: usual('model') / before.segments }
}

/** Milliseconds of all cores since the system started. */
function coreTime(): { idle: number; total: number } {
  const times = cpus().map(({ times }) => times)
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    total: times.reduce((sum, all) => sum + Object.values(all).reduce((a, b) => a + b, 0), 0),
  }
}

/**
 * An encoder that computes nothing: it gives a real embedding after the time that the model needed on this processor.
 */
async function elsewhereEncoder(encoder: VideoTextEncoder, seconds: number): Promise<VideoTextEncoder> {
  const { id, trained, dimension, frames, clips, sentences, height, width } = encoder
  const embedding = await encoder.encodeVideo({ dtype: 'uint8', data: new Uint8Array(frames * height * width * 3) })
  const never = () => Promise.reject(new Error('indexing asks for videos only'))
  return {
    id,
    hash: 'elsewhere',
    trained,
    dimension,
    frames,
    clips,
    sentences,
    height,
    width,
    warnings: [],
    stages: null,
    encodeVideo: (_frames, signal) => wait(seconds * 1000, embedding, { signal }),
    encodeParagraph: never,
    encodeSentences: never,
    attention: never,
    attentionRow: never,
  }
}

async function decodeAll(encoder: VideoTextEncoder, videos: readonly IndexableVideo[]): Promise<Segment[]> {
  const { height, width, frames } = encoder
  const segments: Segment[] = []
  for (const video of videos) {
    for await (const segment of segmentsOf(sampler, video, {
      recipe: { passes: passes, frames, denseRate: settings.denseRate },
      sampling: { mode: settings.sampling, height, width },
    })) {
      segments.push(segment)
    }
  }
  return segments
}

/** Seconds of a whole index job into an empty workspace. */
async function indexAll(encoder: VideoTextEncoder, videos: readonly IndexableVideo[], folder: string): Promise<number> {
  await mkdir(folder)
  const store = await VectorStore.open(join(folder, 'vectors'))
  const database = openDatabase(join(folder, 'library.db'))
  const fail = (video: IndexableVideo, reason: string) => {
    throw new Error(`${video.path}: ${reason}`)
  }
  try {
    const parts = {
      store,
      ledger: new EmbeddingLedger(database),
      sampler,
      encoder: async () => encoder,
      settings: () => settings,
    }
    const { seconds } = await timed(() =>
      indexVideos(parts, {
        videos: () => videos,
        passes,
        signal: new AbortController().signal,
        progress: () => undefined,
        fail,
      }),
    )
    return seconds
  } finally {
    await store.close()
    database.close()
  }
}
