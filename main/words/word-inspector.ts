import { ExpectedError } from '../../native-models/expected-error.ts'
import { crossModalLayers, wordAttentionOutput } from '../../native-models/programs/word-attention.ts'
import type { VideoDetail, Work } from '../api/index.ts'
import type { AttentionWords, WordsInput } from '../api/inspection/inspect.ts'
import type { Engine } from '../engine/engine.ts'
import type { TensorValue } from '../engine/onnxruntime.ts'
import { InspectedFrames } from '../inspect/inspected-frames.ts'
import type { LookedAt } from '../inspect/inspected-frames.ts'
import { RecentlyUsed } from '../inspect/recently-used.ts'
import { SharedWork } from '../inspect/shared-work.ts'
import type { FrameCache } from '../media/playback/frame-cache.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import { importWarnings } from '../model-folder/model-warnings.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'
import { programFile } from '../programs/program-files.ts'
import type { IndexableVideo, IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { crossModalKind, sentencesGiven, textAsRead } from './text-as-read.ts'
import { headMap, sharesOfVideo, withoutPadding } from './word-maps.ts'
import type { WordMaps } from './word-maps.ts'

export interface WordParts extends Pick<IndexingParts, 'settings' | 'sampler'> {
  readonly engine: Engine
  /** Resolves when the engine has its device. */
  readonly ready: () => Promise<unknown>
  readonly registry: Pick<ModelRegistry, 'info' | 'lfVila'>
  /** Name of the model in use. */
  readonly inUse: () => string
  /** What is known by such a name besides the registered models, as a checkpoint of a run; null for no such name. */
  readonly unregistered: (id: string) => Promise<RegisteredModel | null>
  readonly library: {
    /** @throws ExpectedError when the video cannot be decoded now. */
    ready(id: number): IndexableVideo
    captions(id: number): Pick<VideoDetail, 'id' | 'name' | 'captions' | 'captionProblem'>
  }
  /** Where the pictures are made that a window shows of the frames. */
  readonly frames: Pick<FrameCache, 'prepare'>
  /** Told of each stage of what takes long. */
  readonly tell?: (work: Work) => void
}

/** Texts whose maps stay in memory: at full size those of a paragraph have some ten megabytes. */
const mapsKept = 4

/** Which words and frames of a text and a video attend to each other where a model reads them together. */
export class WordInspector {
  readonly #parts: WordParts
  readonly #frames: InspectedFrames
  readonly #kept = new RecentlyUsed<WordMaps>(mapsKept)
  readonly #computing = new SharedWork<WordMaps>()

  constructor(parts: WordParts) {
    this.#parts = parts
    this.#frames = new InspectedFrames(parts)
  }

  /**
   * One layer. The first call for a text and a part of a video runs the model once.
   * @throws ExpectedError `no-attention` for a model that reads text and video apart, `attention-position` when there
   * is no such layer or head, and what keeps text or video from being read.
   */
  async look(input: WordsInput, signal?: AbortSignal): Promise<AttentionWords> {
    const model = await this.#model(input.model ?? this.#parts.inUse())
    const { config, record, id } = model
    const layers = crossModalLayers(config)
    const layer = input.layer ?? layers - 1
    assertPosition(model, { layer, head: input.head, layers })
    const video = { ...this.#parts.library.ready(input.videoId), at: input.at }
    const size = frameSize(model)
    const { segments, number } = this.#frames.picked(size, video)
    const part = number === null ? undefined : segments[number]
    const given = sentencesGiven(this.#parts.library.captions(video.id), input.text, part)
    const maps = await this.#maps(model, { video, number, given }, signal)
    const milliseconds = maps.times.map(time => Math.round(time * 1000))
    this.#parts.frames.prepare(video, milliseconds)
    return {
      videoId: video.id,
      segments: segments.map(({ start, end }) => ({ start, end })),
      segment: number,
      frames: maps.times.map((time, frame) => ({ time, image: `frame/${video.id}/${milliseconds[frame]}` })),
      clips: config.clips,
      sentences: [...maps.sentences],
      words: [...maps.words],
      shares: sharesOfVideo(maps),
      layer,
      head: input.head,
      map: headMap(maps.layers[layer] ?? new Float32Array(0), maps.heads, input.head),
      model: id,
      warnings: [...new Set([...importWarnings(id, record), ...maps.warnings])],
    }
  }

  async #model(id: string): Promise<RegisteredModel> {
    const passing = await this.#parts.unregistered(id)
    // Asked before it is read: a pair of ONNX files is no model of LF-VILA's, and reads apart as well.
    crossModalKind(id, passing?.record.kind ?? (await this.#parts.registry.info(id)).kind)
    return passing ?? this.#parts.registry.lfVila(id)
  }

  async #maps(
    model: RegisteredModel,
    { video, number, given }: { video: LookedAt; number: number | null; given: readonly string[] },
    signal?: AbortSignal,
  ): Promise<WordMaps> {
    const { sampling, denseRate } = this.#parts.settings()
    const part = number === null ? null : [denseRate, number]
    const key = JSON.stringify([video.contentId, sampling, part, model.record.kind, model.record.hash, given])
    const kept = this.#kept.get(key)
    if (kept) return kept
    return this.#computing.run(key, signal, async shared => {
      const work = `words ${video.id}`
      const maps = await this.#compute(model, { video, given, say: stage => this.#say(work, stage) }, shared)
      this.#kept.set(key, maps)
      return maps
    })
  }

  async #compute(
    model: RegisteredModel,
    { video, given, say }: { video: LookedAt; given: readonly string[]; say: (stage: Work['stage']) => void },
    signal: AbortSignal,
  ): Promise<WordMaps> {
    const { engine, ready } = this.#parts
    const text = await textAsRead(model, given, signal)
    say('frames')
    const size = frameSize(model)
    const sampled = await this.#frames.sample(size, video, signal)
    say('model')
    await ready()
    const { sentences, length } = text.layout
    const path = await programFile(
      model,
      { program: 'word-attention', sentences, length, pixels: sampled.dtype },
      signal,
    )
    // Its weights stay in the mapped file, and it is freed at once: a text is looked at longer than it is computed.
    const session = await engine.load(path, { prepack: false }, signal)
    try {
      const dims = [1, sentences, length]
      const outputs = await engine.run(
        session,
        {
          video: {
            dtype: sampled.dtype,
            dims: [1, size.frames, size.height, size.width, 3],
            data: sampled.data,
          } as TensorValue,
          textIds: { dtype: 'int32', dims, data: text.ids },
          attentionMask: { dtype: 'int32', dims, data: text.mask },
        },
        { signal },
      )
      const heads = model.config.text.heads
      const kept = { places: text.places, words: 1 + sentences * length, frames: size.frames, heads }
      return {
        times: sampled.times,
        sentences: text.sentences,
        words: text.words,
        heads,
        layers: Array.from({ length: crossModalLayers(model.config) }, (_, layer) => {
          const output = outputs[wordAttentionOutput(layer)]
          if (!(output?.data instanceof Float32Array)) {
            throw new Error(`The program gave no attention of layer ${layer}.`)
          }
          return withoutPadding(output.data, kept)
        }),
        warnings: [...text.warnings, ...sampled.warnings],
      }
    } finally {
      await engine.release(session).catch(() => undefined)
    }
  }

  #say(key: string, stage: Work['stage']): void {
    this.#parts.tell?.({ key, stage, done: null, total: null, current: null })
  }
}

function frameSize({ config: { video } }: RegisteredModel) {
  const [height, width] = video.inputSize
  return { frames: video.frames, height, width }
}

function assertPosition(
  { id, config }: RegisteredModel,
  { layer, head, layers }: { layer: number; head: number | null; layers: number },
): void {
  if (layer < 0 || layer >= layers) {
    throw new ExpectedError(
      'attention-position',
      `There is no layer ${layer}: the model ‘${id}’ reads text and video together in ${layers} layers, counted from 0.`,
    )
  }
  const { heads } = config.text
  if (head !== null && head >= heads) {
    throw new ExpectedError(
      'attention-position',
      `There is no head ${head}: the layers of the model ‘${id}’ that read text and video together have ${heads} heads, counted from 0.`,
    )
  }
}
