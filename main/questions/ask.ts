import { ExpectedError } from '../../native-models/expected-error.ts'
import type { VideoAnswer, VideoQuestion } from '../api/inspection/questions.ts'
import type { Engine } from '../engine/engine.ts'
import type { LibraryVideo } from '../library/videos/video-list.ts'
import type { FrameCache } from '../media/playback/frame-cache.ts'
import { importWarnings } from '../model-folder/model-warnings.ts'
import type { ModelRegistry } from '../models/registry/registry.ts'
import type { FrameSampler } from '../training/data/batches/example-frames.ts'
import type { Example } from '../training/data/examples/example.ts'
import { ExamplePredictor } from '../training/evaluation/asking/predict-examples.ts'
import type { FrameRange } from '../training/evaluation/asking/predict-examples.ts'
import { answeringTask, questionExample } from './question-example.ts'
import { whatWasCut } from './what-was-cut.ts'

export interface QuestionParts {
  readonly registry: Pick<ModelRegistry, 'lfVila'>
  readonly engine: Engine
  readonly sampler: FrameSampler
  /** @throws ExpectedError when the video cannot be decoded now. */
  readonly library: { ready(id: number): LibraryVideo }
  /** Where the pictures are made that a window shows of the evidence. */
  readonly frames: Pick<FrameCache, 'prepare'>
  /** Resolves when the engine has its device. */
  readonly ready: () => Promise<unknown>
}

/** So many parts of the video are hidden, one after the other. */
const evidenceParts = 8
/** Of a model that has its own. */
const answersShown = 10

/**
 * What a model answers to a question about a video, on the frames that an evaluation takes; then how the answer changes
 * when each of eight parts of the video is hidden.
 * @throws ExpectedError when the model answers no questions, the question or an answer is missing, or the video cannot
 * be read.
 */
export async function* ask(
  parts: QuestionParts,
  input: VideoQuestion,
  signal: AbortSignal,
): AsyncGenerator<VideoAnswer, void> {
  const model = await parts.registry.lfVila(input.model)
  const task = answeringTask(model)
  const video = parts.library.ready(input.videoId)
  const example = questionExample(task, video.path, input)
  await parts.ready()
  const predictor = await ExamplePredictor.open(model, { task, machine: parts, examples: [example], signal })
  try {
    const cut = await whatWasCut(model, { example, layout: predictor.layout, signal })
    const { times, warnings } = await predictor.frames(example, signal)
    const ranges = partsOf(times.length)
    const picture = ({ first, last }: FrameRange): number => Math.round((times[(first + last) >> 1] ?? 0) * 1000)
    const { logits, span } = await predictor.asked(example, null, signal)
    const probabilities = softmax(logits)
    const names = namesOf(example, model.record.labels, logits.length)
    const order = names.map((_, place) => place).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))
    const [best = 0] = order
    let answer: VideoAnswer = {
      videoId: video.id,
      model: model.id,
      answers: order
        .slice(0, example.content.type === 'choices' ? order.length : answersShown)
        .map(place => ({ text: names[place] ?? '', probability: probabilities[place] ?? 0 })),
      evidence: ranges.map(range => ({
        start: range.first === 0 ? 0 : (times[range.first] ?? 0),
        end: times[range.last + 1] ?? video.info.duration,
        thumbnail: `frame/${video.id}/${picture(range)}`,
        without: null,
        answerWithout: null,
      })),
      span: span && times.map((time, frame) => ({ time, probability: probabilityOfSpan(span, frame) })),
      warnings: [...importWarnings(model.id, model.record), ...cut, ...warnings],
    }
    parts.frames.prepare(video, ranges.map(picture))
    yield answer
    for (const [index, range] of ranges.entries()) {
      const without = softmax((await predictor.asked(example, range, signal)).logits)
      const likeliest = without.indexOf(Math.max(...without))
      answer = {
        ...answer,
        evidence: answer.evidence.with(index, {
          ...answer.evidence[index]!,
          without: without[best] ?? 0,
          answerWithout: names[likeliest] ?? '',
        }),
      }
      yield answer
    }
  } finally {
    await predictor.close().catch(() => undefined)
  }
}

/** As many parts as there are frames for, as long as each other. */
function partsOf(frames: number): FrameRange[] {
  const count = Math.min(evidenceParts, frames)
  return Array.from({ length: count }, (_, part) => ({
    first: Math.floor((part * frames) / count),
    last: Math.floor(((part + 1) * frames) / count) - 1,
  }))
}

function namesOf({ content }: Example, labels: readonly string[] | null, count: number): string[] {
  if (content.type === 'choices') return [...content.answers]
  return Array.from({ length: count }, (_, label) => labels?.[label] ?? String(label))
}

function softmax(logits: readonly number[]): number[] {
  if (!logits.every(Number.isFinite)) {
    throw new ExpectedError(
      'engine-run',
      'The model gave no number for an answer; check its weights with `model verify`.',
    )
  }
  const most = Math.max(...logits)
  const powers = logits.map(logit => Math.exp(logit - most))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map(power => power / sum)
}

/** Of the two classes of a frame, outside and inside of the part that answers, the second. */
function probabilityOfSpan(logits: readonly number[], frame: number): number {
  return softmax(logits.slice(2 * frame, 2 * frame + 2))[1] ?? 0
}
