import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { VideoEmbedding, VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { decodeAhead, oneAfterTheOther } from '../embedding/decode-ahead.ts'
import { EmbeddedPass, keepPass, segmentsFor } from '../embedding/embedded-pass.ts'
import type { Embedding } from '../embedding/embedded-pass.ts'
import type { IndexableVideo, IndexingParts } from '../embedding/embedding-parts.ts'
import type { Segment } from '../embedding/segments.ts'
import { assertUnchanged } from '../embedding/unchanged.ts'
import { reconcile } from '../vectors/consistency.ts'
import { embeddingKeys } from '../vectors/embedding-key.ts'
import type { KeyedSettings, Pass } from '../vectors/embedding-key.ts'

export interface IndexingHooks {
  signal: AbortSignal
  progress(report: { done: number; total: number; unit: string; current: string | null }): void
  /**
   * A video that could not be embedded; the rest goes on. `undecodable`: trying again is in vain until the file
   * changes.
   */
  fail(video: IndexableVideo, reason: string, undecodable: boolean): void
}

/** What is still to be done of one video: both passes share a decode where both are missing. */
interface Task {
  video: IndexableVideo
  passes: readonly Pass[]
}

type Decoded = { task: Task; segment: Segment } | { task: Task; failure: unknown }

/** Segments decoded ahead of the model: enough to bridge the start of a decoder, few enough to stay below 100 MB. */
const segmentsAhead = 3
/** After this many failures of the model in a row it is not the videos that are at fault. */
const modelFailuresInARow = 3
/** Small files of the vector store are merged after this many videos. */
const videosBetweenMerges = 100
/** The engine has been started anew, so the same segment may well succeed. */
const restarted = new Set(['engine-crashed', 'engine-hung'])
/** Failures that would meet every video alike. */
const fatal = new Set(['ffmpeg-missing', 'ffmpeg-broken', 'engine-load', 'engine-closed', 'disk-full'])

interface VideosToIndex extends IndexingHooks {
  readonly videos: () => readonly IndexableVideo[]
  readonly passes: readonly Pass[]
}

/**
 * Embeds every video that has no complete embeddings under the current keys: sample, encode, store, with decoding
 * ahead of inference. What is complete is skipped; the same content in two paths is done once; a change of the model
 * or of the sampling while the job runs discards the video in flight and goes on under the new keys.
 * @throws ExpectedError when no video could be embedded for a common reason (no ffmpeg, a full disk).
 */
export async function indexVideos(parts: IndexingParts, { videos, passes, ...hooks }: VideosToIndex): Promise<void> {
  const failed = new Set<string>()
  for (let finished = false; !finished;) {
    hooks.signal.throwIfAborted()
    const round = await startRound(parts, {
      videos: videos().filter(video => !failed.has(video.contentId)),
      passes,
      failed,
      ...hooks,
    })
    finished = await round.run()
  }
  await parts.store.optimise(hooks.signal)
}

interface RoundOfVideos extends IndexingHooks {
  readonly videos: readonly IndexableVideo[]
  readonly passes: readonly Pass[]
  readonly failed: Set<string>
}

async function startRound(
  parts: IndexingParts,
  { videos, passes, failed, ...hooks }: RoundOfVideos,
): Promise<IndexingRound> {
  const encoder = await parts.encoder()
  const settings = { ...parts.settings() }
  const keys = embeddingKeys(encoder, settings)
  const tasks: Task[] = []
  for (const pass of passes) await reconcile(parts.store, parts.ledger, { pass, key: keys[pass] })
  const complete = new Map(passes.map(pass => [pass, parts.ledger.complete(keys[pass])]))
  for (const video of new Map(videos.map(video => [video.contentId, video])).values()) {
    const missing = passes.filter(pass => !complete.get(pass)?.has(video.contentId))
    if (missing.length > 0) tasks.push({ video, passes: missing })
  }
  return new IndexingRound(parts, { encoder, settings, tasks, failed, ...hooks })
}

/** Milliseconds that a model computed, and that it then waited for the next segment. */
interface Pace {
  computed: number
  waited: number
}

/** How the models of this process kept pace with decoding so far. */
const paces = new WeakMap<VideoTextEncoder, Pace>()
/**
 * A model that waits less than this part of its time is the slower one: decoding then saves processor time rather than
 * its own.
 */
const hardlyWaits = 0.05

interface RoundParts extends IndexingHooks {
  readonly encoder: VideoTextEncoder
  readonly settings: KeyedSettings
  readonly tasks: readonly Task[]
  readonly failed: Set<string>
}

/** Work under one model and one way of sampling. */
class IndexingRound {
  readonly #parts: IndexingParts
  readonly #encoder: VideoTextEncoder
  readonly #embedding: Embedding
  readonly #tasks: readonly Task[]
  readonly #failed: Set<string>
  readonly #hooks: IndexingHooks
  readonly #pace: Pace
  #computedUntil: number | null = null
  #done = 0
  #modelFailures = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: IndexingParts, { encoder, settings, tasks, failed, ...hooks }: RoundParts) {
    this.#parts = parts
    this.#encoder = encoder
    this.#embedding = { sampler: parts.sampler, encoder, settings }
    this.#tasks = tasks
    this.#failed = failed
    this.#hooks = hooks
    this.#pace = paces.get(encoder) ?? { computed: 0, waited: 0 }
    paces.set(encoder, this.#pace)
  }

  /** Resolves to false when the model or the sampling was changed, so that the rest must be planned anew. */
  async run(): Promise<boolean> {
    const left = new AbortController()
    const signal = AbortSignal.any([this.#hooks.signal, left.signal])
    const decoded = decodeAhead(this.#decode(signal), segmentsAhead, () => left.abort())
    let passes = emptyPasses()
    let current: Task | null = null
    this.#report(null)
    try {
      for await (const item of decoded) {
        this.#hooks.signal.throwIfAborted()
        const { task } = item
        if (this.#failed.has(task.video.contentId)) continue
        if ('failure' in item) {
          await this.#fail(task, item.failure)
          continue
        }
        const { segment } = item
        this.#report(
          segment.count > 1
            ? english`${basename(task.video.path)} (segment ${segment.number + 1} of ${segment.count})`
            : basename(task.video.path),
        )
        if (task !== current) passes = emptyPasses()
        current = task
        const embedding = await this.#encode(task, segment)
        if (await this.#changed()) return false
        if (!embedding) continue
        const ofPass = passes[segment.pass]
        ofPass.add(segment, embedding)
        if (segment.number < segment.count - 1 || !(await this.#isUnchanged(task))) continue
        await this.#writing
        this.#writing = this.#store(task, segment.pass, ofPass)
        // Awaited above and below; the model already works on the next segment meanwhile.
        this.#writing.catch(() => undefined)
      }
      await this.#writing
      return !(await this.#changed())
    } finally {
      left.abort()
      await this.#writing.catch(() => undefined)
    }
  }

  #decode(signal: AbortSignal): AsyncGenerator<Decoded> {
    return oneAfterTheOther(this.#tasks.map(task => () => this.#decodeVideo(task, signal)))
  }

  async *#decodeVideo(task: Task, signal: AbortSignal): AsyncGenerator<Decoded> {
    // Several threads of a decoder finish sooner but take a twentieth more time of the cores, which the model may be
    // using.
    const threads = this.#pace.waited < hardlyWaits * this.#pace.computed ? 1 : undefined
    try {
      for await (const segment of segmentsFor(this.#embedding, task.video, { passes: task.passes, threads, signal })) {
        if (this.#failed.has(task.video.contentId)) return
        yield { task, segment }
      }
    } catch (failure) {
      signal.throwIfAborted()
      yield { task, failure }
    }
  }

  async #encode(task: Task, segment: Segment, attempt = 1): Promise<VideoEmbedding | null> {
    try {
      const started = performance.now()
      const embedding = await this.#encoder.encodeVideo(segment.frames, this.#hooks.signal)
      if (this.#computedUntil !== null) this.#pace.waited += started - this.#computedUntil
      this.#computedUntil = performance.now()
      this.#pace.computed += this.#computedUntil - started
      this.#modelFailures = 0
      return embedding
    } catch (error) {
      // A model that was put away in the middle of its work fails for no fault of the video.
      if (await this.#changed()) return null
      if (!(error instanceof ExpectedError)) throw error
      if (restarted.has(error.code) && attempt === 1) return this.#encode(task, segment, 2)
      this.#modelFailures += 1
      if (this.#modelFailures >= modelFailuresInARow) throw error
      await this.#fail(task, error)
      return null
    }
  }

  async #isUnchanged(task: Task): Promise<boolean> {
    try {
      await assertUnchanged(task.video)
      return true
    } catch (error) {
      await this.#fail(task, error)
      return false
    }
  }

  async #store({ video: { contentId }, passes }: Task, pass: Pass, embedded: EmbeddedPass): Promise<void> {
    await keepPass(this.#parts, this.#embedding, { contentId, pass, embedded })
    const keys = embeddingKeys(this.#encoder, this.#embedding.settings)
    if (!passes.every(each => this.#parts.ledger.has(contentId, keys[each]))) return
    this.#done += 1
    this.#report(null)
    if (this.#done % videosBetweenMerges === 0) await this.#parts.store.merge(this.#hooks.signal)
  }

  async #fail(task: Task, error: unknown): Promise<void> {
    this.#hooks.signal.throwIfAborted()
    const { video } = task
    const reason = sentence(error, video.path)
    if (reason === null || (error instanceof ExpectedError && fatal.has(error.code))) throw error
    this.#failed.add(video.contentId)
    this.#done += 1
    const gone = await access(video.path).then(
      () => false,
      () => true,
    )
    if (gone) {
      this.#hooks.fail(
        video,
        english`${video.path} was deleted or moved while it was being indexed; put it back and index again.`,
        false,
      )
    } else {
      this.#hooks.fail(video, reason, error instanceof ExpectedError && error.code === 'video-undecodable')
    }
    this.#report(null)
  }

  async #changed(): Promise<boolean> {
    const now = embeddingKeys(await this.#parts.encoder(), this.#parts.settings())
    const then = embeddingKeys(this.#encoder, this.#embedding.settings)
    return now.overview !== then.overview || now.dense !== then.dense
  }

  #report(current: string | null): void {
    this.#hooks.progress({ done: this.#done, total: this.#tasks.length, unit: 'videos', current })
  }
}

function emptyPasses(): Record<Pass, EmbeddedPass> {
  return { overview: new EmbeddedPass(), dense: new EmbeddedPass() }
}

/** What a failure is to the user: null for a bug. An error of the file system has no sentence of its own. */
function sentence(error: unknown, path: string): string | null {
  if (error instanceof ExpectedError) return error.message
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : null
  return code && `${path} cannot be read (${code}); check the file and its drive.`
}
