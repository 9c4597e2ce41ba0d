import { join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { Precision } from '../../../native-models/graph/precision/precision.ts'
import { videoGeometry } from '../../../native-models/lfvila/configuration/token-grid.ts'
import { attentionOutput } from '../../../native-models/programs/inspect-attention.ts'
import type { Engine, SessionKey } from '../../engine/engine.ts'
import type { TensorValue } from '../../engine/onnxruntime.ts'
import type { ProgramOptions, Tensors } from '../../engine/protocol.ts'
import { embedsBoth, hasLocalProjections } from '../../model-folder/kinds.ts'
import type { RegisteredModel } from '../../model-folder/model-file.ts'
import { cutWarnings, tokeniseParagraph, tokeniseSentences } from '../../model-folder/paragraph.ts'
import { seesDrawingsOnly } from '../../model-folder/shipped-source.ts'
import { programFile } from '../../programs/program-files.ts'
import { recipeName } from '../../programs/program-recipes.ts'
import type { ProgramRecipe } from '../../programs/program-recipes.ts'
import { openModelTokenizer } from '../../reading-process/read-tokenizer.ts'
import type { ModelTokenizer } from '../../reading-process/read-tokenizer.ts'
import type {
  AttentionGrid,
  BlockAttention,
  OpenModel,
  ParagraphEmbedding,
  QueryAttention,
  QueryPatch,
  SegmentFrames,
  VideoEmbedding,
} from './encoder.ts'

/**
 * The programs of rare use leave their weights in the mapped file: a second copy in memory is not worth their speed.
 */
const rare: ProgramOptions = { prepack: false }

/** LF-VILA as a dual encoder. Programs are written and loaded when first needed; `dispose` frees them in the engine. */
export class LfVilaEncoder implements OpenModel {
  readonly id: string
  readonly hash: string
  readonly videoHash: string | undefined
  readonly precision: Precision
  readonly trained: boolean
  readonly drawingsOnly: boolean
  readonly dimension: number
  readonly frames: number
  readonly clips: number
  readonly sentences: number
  readonly temperature: number
  readonly height: number
  readonly width: number
  readonly warnings: string[]
  readonly standIn: string | undefined
  readonly stages: AttentionGrid[]
  readonly #model: RegisteredModel
  readonly #engine: Engine
  readonly #local: boolean
  readonly #sessions = new Map<Engine, Map<string, Promise<SessionKey>>>()
  #tokenizer: Promise<ModelTokenizer> | null = null

  /** @throws ExpectedError when the model is of a kind that does not embed videos and texts into one space. */
  constructor(model: RegisteredModel, engine: Engine, precision: Precision = 'fp32') {
    const { id, record, config } = model
    if (!embedsBoth(record.kind)) {
      throw new ExpectedError(
        'model-kind',
        `The model ‘${id}’ is of kind ${record.kind}, which cannot index or search; use one of kind retrieval or pretrain-stage1.`,
      )
    }
    this.#model = model
    this.#engine = engine
    this.#local = hasLocalProjections(record.kind)
    this.id = id
    this.hash = record.hash
    this.videoHash = record.learned?.videoHash
    this.precision = precision
    this.trained = record.trained
    this.drawingsOnly = seesDrawingsOnly(record)
    this.dimension = config.dimension
    this.frames = config.video.frames
    this.clips = config.clips
    this.sentences = config.clips
    this.temperature = config.loss.temperature
    ;[this.height, this.width] = config.video.inputSize
    this.standIn = this.#local
      ? undefined
      : english`The model ‘${id}’ has no projections for single clips and sentences; those for whole videos and paragraphs stand in.`
    this.warnings = [
      ...(this.standIn === undefined ? [] : [this.standIn]),
      ...(record.vocabulary
        ? []
        : [`The model ‘${id}’ has no vocabulary, so it cannot read text; import it again with --vocab.`]),
    ]
    this.stages = videoGeometry(config.video).stages.map(({ grid, heads, depth, window }) => ({
      window: window[0],
      heads,
      blocks: depth,
      rows: grid.rows,
      columns: grid.columns,
    }))
  }

  async encodeVideo(frames: SegmentFrames, signal?: AbortSignal): Promise<VideoEmbedding> {
    const form = this.#engine.status().device === 'cpu' && this.precision !== 'fp16' ? 'fused' : 'explicit'
    const session = await this.#session({
      program: 'encode-video',
      pixels: frames.dtype,
      form,
      precision: this.precision,
    })
    const outputs = await this.#engine.run(
      session,
      { video: this.#segment(frames) },
      { outputs: ['videoGlobal', 'videoLocal'], signal },
    )
    return { global: floats(outputs, 'videoGlobal'), clips: this.#rows(floats(outputs, 'videoLocal')) }
  }

  async encodeParagraph(sentences: string[], signal?: AbortSignal): Promise<ParagraphEmbedding> {
    if (sentences.length === 0) {
      throw new ExpectedError('empty-text', 'There is no text to search with; write at least one word.')
    }
    const length = this.#model.config.text.tokensPerSentence
    const paragraph = await tokeniseParagraph(sentences, await this.#openTokenizer(), {
      count: this.sentences,
      length,
      signal,
    })
    const outputs = await this.#runText(paragraph, signal)
    const { warnings, reading } = paragraph
    return { embedding: floats(outputs, 'textGlobal'), warnings, reading }
  }

  async encodeSentences(
    sentences: string[],
    signal?: AbortSignal,
  ): Promise<{ embeddings: Float32Array[]; warnings: string[] }> {
    const tokenizer = await this.#openTokenizer()
    const length = this.#model.config.text.tokensPerSentence
    // With local projections a run embeds as many sentences as a paragraph holds; without, each is a paragraph of its
    // own.
    const perRun = this.#local ? this.sentences : 1
    const embeddings: Float32Array[] = []
    const cut: string[] = []
    for (let first = 0; first < sentences.length; first += perRun) {
      signal?.throwIfAborted()
      const chunk = sentences.slice(first, first + perRun)
      const tokenised = await tokeniseSentences(chunk, tokenizer, { count: this.sentences, length, signal })
      const outputs = await this.#runText(tokenised, signal)
      embeddings.push(...this.#rows(floats(outputs, this.#local ? 'textLocal' : 'textGlobal')).slice(0, chunk.length))
      cut.push(...tokenised.cut.map(index => `${first + index + 1}`))
    }
    return { embeddings, warnings: cutWarnings(cut, length) }
  }

  async attention(frames: SegmentFrames, signal?: AbortSignal): Promise<BlockAttention[]> {
    const session = await this.#session({ program: 'inspect-attention', pixels: frames.dtype }, rare)
    const outputs = await this.#engine.run(session, { video: this.#segment(frames) }, { signal })
    return this.stages.flatMap(({ heads, window, blocks }, stage) =>
      Array.from({ length: blocks }, (_, block) => ({
        stage,
        block,
        heads,
        window,
        maps: floats(outputs, attentionOutput(stage, block)),
      })),
    )
  }

  async attentionRow(frames: SegmentFrames, query: QueryPatch, signal?: AbortSignal): Promise<QueryAttention> {
    const { stage, block, frame, row, column } = query
    const grid = this.stages[stage]
    if (!grid || block >= grid.blocks || frame >= this.frames || row >= grid.rows || column >= grid.columns) {
      throw new ExpectedError(
        'attention-position',
        `There is no patch (${row}, ${column}) of frame ${frame} in block ${block} of stage ${stage}; choose one inside the model's grid.`,
      )
    }
    const session = await this.#session({ program: 'attention-row', pixels: frames.dtype, stage, block }, rare)
    const place: TensorValue = { dtype: 'int32', dims: [3], data: Int32Array.of(frame, row, column) }
    const { weights, keys } = await this.#engine.run(
      session,
      { video: this.#segment(frames), query: place },
      { signal },
    )
    return overGrid(grid, {
      firstFrame: Math.floor(frame / grid.window) * grid.window,
      weights: floatData(weights, 'weights'),
      keys: keys?.data as Int32Array,
    })
  }

  /** Frees the programs in the engine; the next use loads them again. */
  async dispose(): Promise<void> {
    await this.#tokenizer?.then(
      tokenizer => tokenizer.end(),
      () => undefined,
    )
    const loaded = [...this.#sessions].map(([engine, sessions]) => [engine, [...sessions.values()]] as const)
    this.#sessions.clear()
    for (const [engine, sessions] of loaded) {
      for (const session of await Promise.allSettled(sessions)) {
        if (session.status === 'fulfilled') await engine.release(session.value)
      }
    }
  }

  #session(recipe: ProgramRecipe, options: ProgramOptions = {}, engine = this.#engine): Promise<SessionKey> {
    const name = recipeName(recipe)
    const sessions = this.#sessions.get(engine) ?? new Map<string, Promise<SessionKey>>()
    this.#sessions.set(engine, sessions)
    let session = sessions.get(name)
    if (!session) {
      session = programFile(this.#model, recipe).then(path => engine.load(path, options))
      sessions.set(name, session)
      session.catch(() => sessions.delete(name))
    }
    return session
  }

  async #runText({ ids, mask }: { ids: Int32Array; mask: Int32Array }, signal?: AbortSignal): Promise<Tensors> {
    // A text is waited for: it does not queue behind the segments of an index job.
    const engine = this.#engine.forAnswers
    const session = await this.#session({ program: 'encode-text', precision: this.precision }, {}, engine)
    const dims = [1, this.sentences, ids.length / this.sentences]
    return engine.run(
      session,
      { textIds: { dtype: 'int32', dims, data: ids }, attentionMask: { dtype: 'int32', dims, data: mask } },
      { signal },
    )
  }

  #openTokenizer(): Promise<ModelTokenizer> {
    const { folder, record, id } = this.#model
    if (!record.vocabulary) {
      return Promise.reject(
        new ExpectedError(
          'vocabulary-missing',
          `The model ‘${id}’ has no vocabulary, so it cannot read text; import it again with --vocab (bert-base-uncased's vocab.txt for the published models).`,
        ),
      )
    }
    if (!this.#tokenizer) {
      this.#tokenizer = openModelTokenizer(join(folder, record.vocabulary))
      this.#tokenizer.catch(() => {
        this.#tokenizer = null
      })
    }
    return this.#tokenizer
  }

  #segment({ dtype, data }: SegmentFrames): TensorValue {
    const dims = [1, this.frames, this.height, this.width, 3]
    const count = this.frames * this.height * this.width * 3
    if (data.length !== count) {
      throw new Error(`A segment of ‘${this.id}’ has ${count} values (${dims.slice(1).join('×')}), not ${data.length}.`)
    }
    return { dtype, dims, data }
  }

  #rows(matrix: Float32Array): Float32Array[] {
    return Array.from({ length: matrix.length / this.dimension }, (_, row) =>
      matrix.slice(row * this.dimension, (row + 1) * this.dimension),
    )
  }
}

/**
 * weights [heads, keys] of the keys at (frame, row, column) laid out as [heads][window][rows][columns]; keys in padding
 * have no place there.
 */
function overGrid(
  { window, heads, rows, columns }: AttentionGrid,
  {
    firstFrame,
    weights,
    keys,
  }: { readonly firstFrame: number; readonly weights: Float32Array; readonly keys: Int32Array },
): QueryAttention {
  const positions = keys.length / 3
  const perHead = window * rows * columns
  const laidOut = new Float32Array(heads * perHead)
  for (let position = 0; position < positions; position++) {
    const [frame = -1, row = 0, column = 0] = keys.subarray(3 * position, 3 * position + 3)
    if (frame < 0) continue
    const index = ((frame - firstFrame) * rows + row) * columns + column
    for (let head = 0; head < heads; head++) laidOut[head * perHead + index] = weights[head * positions + position]!
  }
  return { firstFrame, weights: laidOut }
}

function floats(outputs: Tensors, name: string): Float32Array {
  return floatData(outputs[name], name)
}

function floatData(tensor: TensorValue | undefined, name: string): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error(`The program gave no ${name}.`)
  return tensor.data
}
