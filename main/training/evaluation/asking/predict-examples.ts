import type { EvaluationSampling } from '../../../api/evaluation/certificate.ts'
import type { Task } from '../../../api/training/datasets.ts'
import type { Engine, SessionKey } from '../../../engine/engine.ts'
import type { TensorValue } from '../../../engine/onnxruntime.ts'
import type { SampledFrames } from '../../../media/sampling/sample-target.ts'
import type { RegisteredModel } from '../../../model-folder/model-file.ts'
import { programFile } from '../../../programs/program-files.ts'
import { Batches } from '../../data/batches/batches.ts'
import { ExampleFrames } from '../../data/batches/example-frames.ts'
import type { FrameSampler } from '../../data/batches/example-frames.ts'
import type { TextLayout } from '../../data/batches/example-text.ts'
import { modelTokenizer } from '../../data/batches/model-tokenizer.ts'
import { videosOf } from '../../data/examples/example.ts'
import type { Example } from '../../data/examples/example.ts'
import { changedFrames } from '../../probing/changed-frames.ts'
import { changedText } from '../../probing/changed-text.ts'
import { hiddenFrames } from '../../probing/hidden-frames.ts'
import type { Predicted, Probed } from '../results/outputs.ts'
import type { Change, ExampleEvaluator } from './evaluator.ts'
import { frameChoice, isOfFrames, shuffleName } from './evaluator.ts'

/** What computes and what decodes. */
interface Machine {
  readonly engine: Engine
  readonly sampler: FrameSampler
}

interface Opening {
  readonly task: Task
  readonly machine: Machine
  /** All that will be asked about. */
  readonly examples: readonly Example[]
  readonly signal: AbortSignal
}

/** Frames of one example, [1, frames, height, width, 3]. */
type VideoTensor = Pick<SampledFrames, 'dtype' | 'data'> & { readonly dims: readonly number[] }

/** Places of frames, counted from 0; `last` is among them. */
export interface FrameRange {
  readonly first: number
  readonly last: number
}

/** Asks a model that classifies: an answer of its own, one of several given, or the class of a video. */
export class ExamplePredictor implements ExampleEvaluator {
  readonly warnings = []
  readonly #model: RegisteredModel
  readonly #engine: Engine
  readonly #session: SessionKey
  readonly #batches: Batches
  readonly #frames: ExampleFrames
  /** Of the video that was asked about last: rows of one video mostly follow each other. */
  #last: { readonly key: string; readonly video: VideoTensor & SampledFrames } | null = null

  private constructor(
    model: RegisteredModel,
    {
      machine: { engine, sampler },
      session,
      batches,
    }: { readonly machine: Machine; readonly session: SessionKey; readonly batches: Batches },
  ) {
    const { video } = model.config
    const [height, width] = video.inputSize
    this.#model = model
    this.#engine = engine
    this.#session = session
    this.#batches = batches
    this.#frames = new ExampleFrames({ frames: video.frames, height, width, mode: 'exact' }, sampler)
  }

  /** @throws ExpectedError when their text does not fit the model. */
  static async open(model: RegisteredModel, { task, machine, examples, signal }: Opening): Promise<ExamplePredictor> {
    const batches = new Batches(examples, {
      task,
      config: model.config,
      tokenizer: await modelTokenizer(model, model.id),
      vocabulary: null,
      seed: 0,
      augment: false,
      sampler: machine.sampler,
    })
    const { choices, sentences, length } = batches.layout ?? { choices: null, sentences: 0, length: 0 }
    const program = await programFile(
      model,
      { program: 'answer', pixels: 'float32', choices: choices ?? 0, sentences, length },
      signal,
    )
    return new ExamplePredictor(model, { machine, session: await machine.engine.load(program, {}, signal), batches })
  }

  get sampling(): EvaluationSampling {
    const { frames, inputSize } = this.#model.config.video
    const [height, width] = inputSize
    return { frames, height, width, mode: 'exact', choice: frameChoice, framing: null, denseRate: null }
  }

  async of(example: Example, signal: AbortSignal): Promise<Predicted> {
    const answered = await this.#answer(example, await this.#video(example, signal), signal)
    const reading = await this.#batches.reading(example, signal)
    return { ...answered, ...(reading && { reading }) }
  }

  async changed(example: Example, { variant, seed }: Change, signal: AbortSignal): Promise<Probed | null> {
    if (!isOfFrames(variant)) {
      const content = changedText(example.content, variant)
      if (content === null) return null
      const { logits } = await this.of({ ...example, content }, signal)
      return { logits }
    }
    const [span] = videosOf(example.content)
    if (!span) return null
    const { frames: count } = this.#model.config.video
    const frames = await this.#video(example, signal)
    const shown = changedFrames({ frames, count }, variant, { seed, video: shuffleName(span) })
    const { logits } = await this.#answer(example, { ...shown, dims: frames.dims }, signal)
    return { logits }
  }

  /**
   * Logits of the answers, and [T, 2] of the head that finds their span, null where there is none; whatever else is
   * known of the example.
   * @param hidden frames that are hidden from the model, or null.
   */
  async asked(
    example: Example,
    hidden: FrameRange | null,
    signal: AbortSignal,
  ): Promise<{ readonly logits: number[]; readonly span: number[] | null }> {
    const video = await this.#video(example, signal)
    const { frames: count } = this.#model.config.video
    const shown = hidden ? { ...video, ...hiddenFrames(video, { ...hidden, count }) } : video
    const { results } = await this.#run(example, shown, signal)
    const span = results['span.logits']
    return { logits: numbers(results.logits), span: span ? numbers(span) : null }
  }

  /** When the frames were taken that the model is shown, seconds, and what is to be said of them. */
  async frames(example: Example, signal: AbortSignal): Promise<Pick<SampledFrames, 'times' | 'warnings'>> {
    return this.#video(example, signal)
  }

  /** How the text is laid out; null for a model that reads none. */
  get layout(): TextLayout | null {
    return this.#batches.layout
  }

  async #answer(example: Example, video: VideoTensor, signal: AbortSignal): Promise<Predicted> {
    const { content } = example
    const { results, spanLabels } = await this.#run(example, video, signal)
    const logits = numbers(results.logits)
    return {
      // Where other examples have more answers, those that this one lacks do not count.
      logits: content.type === 'choices' ? logits.slice(0, content.answers.length) : logits,
      span:
        content.type === 'choices' && content.span !== null
          ? { logits: numbers(results['span.logits']), labels: numbers(spanLabels) }
          : null,
    }
  }

  /** What the program gives, and the labels of the frames where the span is known. */
  async #run(example: Example, video: VideoTensor, signal: AbortSignal) {
    const { textIds, attentionMask, spanLabels } = await this.#batches.loadWithoutFrames([example], null, signal)
    const results = await this.#engine.run(
      this.#session,
      { video: tensor(video), ...(textIds && attentionMask ? { textIds, attentionMask } : {}) },
      { signal },
    )
    return { results, spanLabels }
  }

  prepare({ content }: Example, signal: AbortSignal): void {
    const [span] = videosOf(content)
    if (span && this.#last?.key !== JSON.stringify(span)) this.#frames.prepare(span, signal)
  }

  async #video({ source, content }: Example, signal: AbortSignal): Promise<VideoTensor & SampledFrames> {
    const {
      video: {
        frames,
        inputSize: [height, width],
      },
    } = this.#model.config
    const [span] = videosOf(content)
    if (!span) throw new Error(`${source} has no video`)
    const key = JSON.stringify(span)
    if (this.#last?.key === key) return this.#last.video
    const video = { ...(await this.#frames.evaluated(span, signal)), dims: [1, frames, height, width, 3] }
    this.#last = { key, video }
    return video
  }

  close(): Promise<void> {
    return this.#engine.release(this.#session)
  }
}

/** Without what sampling says beside the frames. */
const tensor = ({ dtype, dims, data }: VideoTensor): TensorValue => ({ dtype, dims, data })

const numbers = (tensor: TensorValue | undefined): number[] => Array.from(tensor?.data ?? [], Number)
