import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Work } from '../api/app.ts'
import type { AttentionBlock, AttentionOverview, AttentionRollout, AttentionRow } from '../api/inspection/inspect.ts'
import type { AttentionGrid, BlockAttention, QueryPatch, VideoTextEncoder } from '../models/encoders/encoder.ts'
import type { IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { embeddingKeys } from '../retrieval/vectors/embedding-key.ts'
import type { AttentionMaps } from './attention-file.ts'
import { assembleMap, meanDistance, meanEntropy, meanMap, rollout } from './attention-statistics.ts'
import type { AttentionStore } from './attention-store.ts'
import { InspectedFrames } from './inspected-frames.ts'
import type { LookedAt } from './inspected-frames.ts'
import { SharedWork } from './shared-work.ts'

export type AttentionParts = Pick<IndexingParts, 'encoder' | 'settings' | 'sampler'> & {
  store: AttentionStore
  /** Told of each stage of what takes long. */
  tell?: ((work: Work) => void) | undefined
}

/** What each temporal window of the model attends to, over the frames of an overview or of a dense segment. */
export class AttentionInspector {
  readonly #parts: AttentionParts
  readonly #frames: InspectedFrames
  readonly #computing = new SharedWork<AttentionMaps>()

  constructor(parts: AttentionParts) {
    this.#parts = parts
    this.#frames = new InspectedFrames(parts)
  }

  /** All stages at a glance. The first call for a video runs the model once. @throws ExpectedError `no-attention`. */
  async overview(video: LookedAt, signal?: AbortSignal): Promise<AttentionOverview> {
    const encoder = await this.#parts.encoder()
    const stages = stagesOf(encoder)
    const { times, warnings, blocks } = await this.#maps(encoder, video, signal)
    const { segments, number } = this.#frames.picked(encoder, video)
    return {
      videoId: video.id,
      segments: segments.map(({ start, end }) => ({ start, end })),
      segment: number,
      frames: times.map(time => ({ time, image: `frame/${video.id}/${Math.round(time * 1000)}` })),
      stages: stages.map((grid, stage) => {
        const last = blocks.find(block => block.stage === stage && block.block === grid.blocks - 1)
        return {
          window: grid.window,
          heads: grid.heads,
          blocks: grid.blocks,
          grid: { rows: grid.rows, columns: grid.columns },
          mean: last ? meanMap(headMaps(last, times.length)) : [],
        }
      }),
      model: encoder.id,
      warnings: [...encoder.warnings, ...warnings],
    }
  }

  /** How far frames have come by the end of each stage. @throws as {@link overview}. */
  async rollout(video: LookedAt, signal?: AbortSignal): Promise<AttentionRollout> {
    const encoder = await this.#parts.encoder()
    const stages = stagesOf(encoder)
    const { times, blocks } = await this.#maps(encoder, video, signal)
    const inOrder = blocks.toSorted((a, b) => a.stage - b.stage || a.block - b.block)
    const reached = rollout(inOrder.map(block => meanMap(headMaps(block, times.length))))
    return {
      stages: stages.map((_, stage) => {
        const map = reached[inOrder.findLastIndex(block => block.stage === stage)] ?? []
        return { map, distance: meanDistance(map) }
      }),
      model: encoder.id,
    }
  }

  /** Every head of one block. @throws ExpectedError `attention-position` when there is no such stage or block. */
  async block(video: LookedAt, place: { stage: number; block: number }, signal?: AbortSignal): Promise<AttentionBlock> {
    const encoder = await this.#parts.encoder()
    assertPosition(encoder, place)
    const { times, blocks } = await this.#maps(encoder, video, signal)
    const found = blocks.find(({ stage, block }) => stage === place.stage && block === place.block)
    if (!found) throw new Error(`the model gave no attention for stage ${place.stage}, block ${place.block}`)
    const heads = headMaps(found, times.length).map(map => ({
      map,
      entropy: meanEntropy(map),
      distance: meanDistance(map),
    }))
    return { ...place, window: found.window, heads }
  }

  /** The raw attention of one query patch. @throws ExpectedError `attention-position` when it lies outside the grid. */
  async row(video: LookedAt, query: QueryPatch, signal?: AbortSignal): Promise<AttentionRow> {
    const encoder = await this.#parts.encoder()
    const { heads, window, rows, columns } = assertPosition(encoder, query)
    if (
      query.frame < 0 ||
      query.frame >= encoder.frames ||
      query.row < 0 ||
      query.row >= rows ||
      query.column < 0 ||
      query.column >= columns
    ) {
      throw new ExpectedError(
        'attention-position',
        `There is no patch at frame ${query.frame}, row ${query.row}, column ${query.column}: stage ${query.stage} has ${encoder.frames} frames of ${rows} × ${columns} patches, counted from 0.`,
      )
    }
    const key = `patch ${video.id}`
    this.#say(key, 'frames')
    const frames = await this.#frames.sample(encoder, video, signal)
    this.#say(key, 'model')
    const { firstFrame, weights } = await encoder.attentionRow(frames, query, signal)
    let offset = 0
    const take = () => Array.from(weights.subarray(offset, (offset += columns)))
    const grid = () => Array.from({ length: rows }, take)
    return { firstFrame, weights: Array.from({ length: heads }, () => Array.from({ length: window }, grid)) }
  }

  async #maps(encoder: VideoTextEncoder, video: LookedAt, signal?: AbortSignal): Promise<AttentionMaps> {
    const { contentId } = video
    const { number } = this.#frames.picked(encoder, video)
    const keys = embeddingKeys(encoder, this.#parts.settings())
    const key = number === null ? keys.overview : `${keys.dense} ${number}`
    const kept = await this.#parts.store.get(contentId, key)
    if (kept) return kept
    return this.#computing.run(`${contentId} ${key}`, signal, async shared => {
      const work = `attention ${video.id}`
      this.#say(work, 'frames')
      const frames = await this.#frames.sample(encoder, video, shared)
      this.#say(work, 'model')
      const blocks = await encoder.attention(frames, shared)
      this.#say(work, 'keeping')
      const maps = { times: frames.times, warnings: frames.warnings, blocks }
      await this.#parts.store.put(contentId, key, maps)
      return maps
    })
  }

  #say(key: string, stage: Work['stage']): void {
    this.#parts.tell?.({ key, stage, done: null, total: null, current: null })
  }
}

function stagesOf(encoder: VideoTextEncoder): AttentionGrid[] {
  if (!encoder.stages) {
    throw new ExpectedError(
      'no-attention',
      `The model ${encoder.id} has no temporal windows to show; choose an LF-VILA model.`,
    )
  }
  return encoder.stages
}

function assertPosition(encoder: VideoTextEncoder, { stage, block }: { stage: number; block: number }): AttentionGrid {
  const stages = stagesOf(encoder)
  const grid = stages[stage]
  if (!grid) {
    throw new ExpectedError(
      'attention-position',
      `There is no stage ${stage}: the model ${encoder.id} has ${stages.length} stages, counted from 0.`,
    )
  }
  if (block < 0 || block >= grid.blocks) {
    throw new ExpectedError(
      'attention-position',
      `There is no block ${block} in stage ${stage}: it has ${grid.blocks} blocks, counted from 0.`,
    )
  }
  return grid
}

/** The T × T map of each head of a block. */
function headMaps({ heads, window, maps }: BlockAttention, frames: number): number[][][] {
  const size = frames * window
  return Array.from({ length: heads }, (_, head) => assembleMap(maps.subarray(head * size, (head + 1) * size), window))
}
