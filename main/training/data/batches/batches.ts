import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { LfVilaConfig } from '../../../../native-models/lfvila/configuration/config.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { Task } from '../../../api/training/datasets.ts'
import type { Tensors } from '../../../engine/protocol.ts'
import type { TextReading } from '../../../model-folder/paragraph.ts'
import type { ModelTokenizer } from '../../../reading-process/read-tokenizer.ts'
import { settleLate } from '../datasets/rows/settle-times.ts'
import { clipsIn, isPretraining, videosOf } from '../examples/example.ts'
import type { Example } from '../examples/example.ts'
import { ExampleFrames } from './example-frames.ts'
import type { FrameSampler, CachedFrames } from './example-frames.ts'
import { readingOf, sentencesOf, textLayout, tokenise } from './example-text.ts'
import type { TextLayout } from './example-text.ts'
import { firstClip } from './frame-choice.ts'
import { temporalLabel } from './temporal-label.ts'
import { temporalSamples } from './temporal-sampling.ts'
import { maskTokens } from './token-masking.ts'
import type { MaskableVocabulary } from './token-masking.ts'
import { isOfVideo } from './video-problem.ts'

export interface BatchOptions {
  readonly task: Task
  readonly config: LfVilaConfig
  readonly tokenizer: ModelTokenizer
  /** Needed by pre-training's second stage only. */
  readonly vocabulary: MaskableVocabulary | null
  readonly seed: number
  /**
   * Draw training frames and a part of the picture, as published; otherwise every epoch sees the frames of evaluation.
   */
  readonly augment: boolean
  /** Decodes the videos. */
  readonly sampler: FrameSampler
  /** Videos that could not be opened when the times of rows were looked at, by path. */
  readonly unopened?: ReadonlySet<string> | undefined
  /** Keeps decoded frames for the next epoch; null where they are asked for once. */
  readonly kept?: CachedFrames | null
}

/**
 * What takes the place of an example whose video cannot be read; `original` stood there first.
 * @throws when there is nothing to put in its place.
 */
export type Replace = (example: Example, problem: ExpectedError, original: Example) => Example

/** One example as tensors; all of a run have the same sizes. `video` is null where the frames are not asked for. */
interface Loaded {
  readonly video: Uint8Array | null
  readonly text: { readonly ids: Int32Array; readonly mask: Int32Array } | null
  readonly label: number | null
  readonly span: { readonly labels: Int32Array; readonly weights: Float32Array } | null
}

interface Loading {
  /** For training; null for evaluation. */
  readonly epoch: number | null
  readonly signal: AbortSignal
  /** Gives another example for one whose video cannot be read; without it that is an error. */
  readonly replace?: Replace
}

interface Reading {
  readonly epoch: number | null
  readonly signal: AbortSignal
  readonly replace: Replace
  readonly original?: Example
}

/**
 * Turns examples into what the programs are fed: `video` uint8 [B, T, H, W, 3], `textIds` and `attentionMask` int32 [B,
 * M, L] (with choices [B, C, M, L]), `labels` int32 [B], `spanLabels` int32 and `spanLabelWeights` float32 [B, T],
 * `mlmLabels` int32 [B, M · L], `keyIndices` int32 [B, keys], `valueIndices` int32 [B, values], `otherNegativeIndices`
 * int32 [B] — those that the task has: what its training program declares.
 * What is drawn depends on seed, epoch and example alone.
 */
export class Batches {
  readonly layout: TextLayout | null
  readonly #options: BatchOptions
  readonly #frames: ExampleFrames

  /** @param examples all that the run may ask for. @throws ExpectedError when their text does not fit the model. */
  constructor(examples: readonly Example[], options: BatchOptions) {
    const [height, width] = options.config.video.inputSize
    this.layout = textLayout(examples, options.config)
    this.#options = options
    this.#frames = new ExampleFrames(
      { frames: options.config.video.frames, height, width },
      options.sampler,
      options.kept,
    )
  }

  /** Bytes of the frames of one example. */
  get frameBytes(): number {
    const {
      frames,
      inputSize: [height, width],
    } = this.#options.config.video
    return frames * height * width * 3
  }

  /**
   * @throws ExpectedError naming the video that cannot be read.
   */
  async load(
    examples: readonly Example[],
    {
      epoch,
      signal,
      replace = (_, problem) => {
        throw problem
      },
    }: Loading,
  ): Promise<Tensors> {
    return this.#drawn(
      examples,
      await eachOnce(examples, example => this.#readable(example, { epoch, signal, replace })),
      epoch,
    )
  }

  /** The same without `video`: no frame is read. */
  async loadWithoutFrames(examples: readonly Example[], epoch: number | null, signal: AbortSignal): Promise<Tensors> {
    return this.#drawn(
      examples,
      await eachOnce(examples, example => this.#example(example, { epoch, signal, withFrames: false })),
      epoch,
    )
  }

  /** Reads one example, with or without its frames. */
  one(example: Example, { epoch, signal }: Omit<Loading, 'replace'>): (withFrames: boolean) => Promise<Tensors> {
    return withFrames =>
      withFrames ? this.load([example], { epoch, signal }) : this.loadWithoutFrames([example], epoch, signal)
  }

  /** How much of the text of an example the model reads; null where it reads none. */
  async reading({ content }: Example, signal: AbortSignal): Promise<TextReading | null> {
    return this.layout && readingOf(content, this.layout, { tokenizer: this.#options.tokenizer, signal })
  }

  #drawn(examples: readonly Example[], loaded: readonly Loaded[], epoch: number | null): Tensors {
    return this.#together(
      loaded,
      epoch === null
        ? seededRandom(this.#options.seed, 'evaluation')
        : seededRandom(this.#options.seed, 'batch', epoch, ...examples.map(({ source }) => source)),
    )
  }

  async #readable(example: Example, { epoch, signal, replace, original = example }: Reading): Promise<Loaded> {
    try {
      return await this.#example(example, { epoch, signal, withFrames: true })
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError) || !isOfVideo(error)) throw error
      return this.#readable(replace(example, error, original), { epoch, signal, replace, original })
    }
  }

  async #example(
    example: Example,
    {
      epoch,
      signal,
      withFrames,
    }: { readonly epoch: number | null; readonly signal: AbortSignal; readonly withFrames: boolean },
  ): Promise<Loaded> {
    const { content } = await this.#settled(example, signal)
    const { seed, tokenizer, augment, config, task } = this.#options
    const draw = epoch === null || !augment ? null : seededRandom(seed, 'example', epoch, example.source)
    const clips = isPretraining(task) ? clipsOf(content, config.clips, draw) : null
    const [video] = videosOf(content)
    if (!video) throw new Error(`${example.source} has no video`)
    const sentences = clips ? [clips.map(({ text }) => text)] : this.layout ? sentencesOf(content, this.layout) : null
    return {
      video: !withFrames
        ? null
        : clips
          ? await this.#frames.ofClips(
              clips.map(clip => clip.video),
              draw,
              signal,
            )
          : await this.#frames.over(video, draw, signal),
      text: this.layout && sentences ? await tokenise(sentences, this.layout, { tokenizer, signal }) : null,
      label: 'label' in content ? content.label : null,
      span:
        content.type === 'choices'
          ? spanLabel(content, (await this.#frames.info(video.path, signal)).duration, config.video.frames)
          : null,
    }
  }

  /** A row whose video was away when the times of the others were looked at, without times that it does not have. */
  async #settled(example: Example, signal: AbortSignal): Promise<Example> {
    const { task, unopened, kept, config } = this.#options
    const [video] = videosOf(example.content)
    if (!video || !unopened?.has(video.path)) return example
    const info = await this.#frames.info(video.path, signal)
    const { example: settled, notices } = settleLate(example, {
      task,
      clips: config.clips,
      video: video.path,
      info,
    })
    for (const notice of notices) kept?.onNotice(notice)
    return settled
  }

  #together(examples: readonly Loaded[], draw: Random): Tensors {
    const {
      config: {
        video,
        clips,
        loss: { keys, values },
      },
      task,
      vocabulary,
    } = this.#options
    const [height, width] = video.inputSize
    const batch = examples.length
    const tensors: Tensors = {}
    const pictures = examples.flatMap(example => example.video ?? [])
    if (pictures.length === batch) {
      tensors.video = {
        dtype: 'uint8',
        dims: [batch, video.frames, height, width, 3],
        data: joined(Uint8Array, pictures),
      }
    }
    if (this.layout) {
      const { choices, sentences, length } = this.layout
      const dims = choices === null ? [batch, sentences, length] : [batch, choices, sentences, length]
      const ids = joined(
        Int32Array,
        examples.flatMap(({ text }) => text?.ids ?? []),
      )
      tensors.textIds = { dtype: 'int32', dims, data: ids }
      tensors.attentionMask = {
        dtype: 'int32',
        dims,
        data: joined(
          Int32Array,
          examples.flatMap(({ text }) => text?.mask ?? []),
        ),
      }
      if (task === 'pretrain-stage2') {
        if (!vocabulary) {
          throw new ExpectedError(
            'no-mask-token',
            'The model’s vocabulary has no [MASK]; masked language modelling needs the one of BERT.',
          )
        }
        const masked = maskTokens(ids, vocabulary, draw)
        tensors.textIds = { dtype: 'int32', dims, data: masked.ids }
        tensors.mlmLabels = { dtype: 'int32', dims: [batch, sentences * length], data: masked.labels }
      }
    }
    const labels = examples.flatMap(({ label }) => label ?? [])
    if (labels.length === batch) tensors.labels = { dtype: 'int32', dims: [batch], data: Int32Array.from(labels) }
    const spans = examples.flatMap(({ span }) => span ?? [])
    if (spans.length === batch) {
      tensors.spanLabels = {
        dtype: 'int32',
        dims: [batch, video.frames],
        data: joined(
          Int32Array,
          spans.map(span => span.labels),
        ),
      }
      tensors.spanLabelWeights = {
        dtype: 'float32',
        dims: [batch, video.frames],
        data: joined(
          Float32Array,
          spans.map(span => span.weights),
        ),
      }
    }
    if (task === 'pretrain-stage1') {
      const { key, value, otherNegative } = temporalSamples({ batch, sentences: clips, keys, values }, draw)
      tensors.keyIndices = { dtype: 'int32', dims: [batch, keys], data: key }
      tensors.valueIndices = { dtype: 'int32', dims: [batch, values], data: value }
      tensors.otherNegativeIndices = { dtype: 'int32', dims: [batch], data: otherNegative }
    }
    return tensors
  }
}

/**
 * Several examples at once, each once, however often it is asked for. @throws the first failure, in their order, when
 * nothing goes on any more.
 */
async function eachOnce<Result>(
  examples: readonly Example[],
  work: (example: Example) => Promise<Result>,
): Promise<Result[]> {
  const begun = new Map<Example, Promise<Result>>()
  for (const example of examples) if (!begun.has(example)) begun.set(example, work(example))
  await Promise.allSettled(begun.values())
  return Promise.all(examples.flatMap(example => begun.get(example) ?? []))
}

/** The answer's seconds among those that frames are taken of. @param duration of the whole video, seconds. */
function spanLabel(
  { video, span }: Extract<Example['content'], { type: 'choices' }>,
  duration: number,
  frames: number,
) {
  const [start, end] = [video.start ?? 0, video.end ?? duration]
  return temporalLabel(span && [span[0] - start, span[1] - start], end - start, frames)
}

/** As many consecutive clips as the model has, of those that there are. */
function clipsOf(content: Example['content'], wanted: number, draw: Random | null) {
  const clips = clipsIn(content)
  const first = firstClip(clips.length, wanted, draw)
  return clips.slice(first, first + wanted)
}

function joined<Data extends Uint8Array | Int32Array | Float32Array>(
  type: new (length: number) => Data,
  parts: readonly Data[],
): Data {
  const all = new type(parts.reduce((sum, part) => sum + part.length, 0))
  let index = 0
  for (const part of parts) {
    all.set(part, index)
    index += part.length
  }
  return all
}
