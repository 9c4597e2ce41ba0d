import { dot } from '../../../native-models/dot.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { FlipEdit, FlipSearch, PairScores, WhyNot, WhyNotQuestion } from '../../api/inspection/why-not.ts'
import type { VideoTextEncoder } from '../../models/encoders/encoder.ts'
import { embedVideo } from '../embedding/embed-video.ts'
import type { IndexableVideo, IndexingParts } from '../embedding/embedding-parts.ts'
import { embeddingKeys } from '../vectors/embedding-key.ts'
import type { Pass } from '../vectors/embedding-key.ts'
import { wholeSegment } from '../vectors/vector-rows.ts'
import { embedCut } from './cut-video.ts'
import type { Span } from './cut-video.ts'
import { greedyFlip } from './greedy-flip.ts'
import type { FlipProblem, FlipState } from './greedy-flip.ts'
import { EditableText } from './text-edits.ts'
import type { TextEdit } from './text-edits.ts'

export interface WhyNotParts extends IndexingParts {
  readonly library: {
    /** @throws ExpectedError when the video cannot be decoded now. */
    ready(id: number): IndexableVideo
    video(id: number, keys: Record<Pass, string>): { readonly captions: readonly { readonly text: string }[] }
  }
}

const sides = ['wanted', 'over'] as const
type Side = (typeof sides)[number]
type ClipEdit = Span & { readonly of: Side }

/** One of the two results. */
interface Rival {
  readonly video: IndexableVideo
  /** What a text is compared with: the embedding of the whole video, or those of the clips of a moment. */
  readonly vectors: readonly Float32Array[]
  /** That can be cut out of the video; none of a moment. */
  readonly clips: readonly Span[]
}

/** Progress is told this often, milliseconds. */
const told = 100

/**
 * Why one video, or one moment, is not above another for a text: the edits of the text, and the clips cut out of the
 * videos, after which it is; see {@link greedyFlip}. A moment scores as in a search: the best of its clips with the
 * sentence that it answers best.
 * @throws ExpectedError when there is no text, both are the same, or one cannot be read.
 */
export async function* whyNot(
  parts: WhyNotParts,
  question: WhyNotQuestion,
  signal: AbortSignal,
): AsyncGenerator<WhyNot, void> {
  const { moments } = question
  if (question.wanted === question.over && !moments) {
    throw new ExpectedError('same-video', 'A video cannot be above itself: choose two different ones.')
  }
  if (question.wanted === question.over && moments && isSame(moments.wanted, moments.over)) {
    throw new ExpectedError('same-video', 'A moment cannot be above itself: choose two different ones.')
  }
  const encoder = await parts.encoder()
  const { captions } = parts.library.video(question.wanted, embeddingKeys(encoder, parts.settings()))
  const text = new EditableText(
    question.text,
    captions.map(caption => caption.text),
  )
  const sentences = text.after([])
  if (sentences.length === 0) throw new ExpectedError('empty-text', 'There is nothing to change: type a sentence.')
  const asked = await encoded(encoder, { sentences, each: moments !== null }, signal)
  const rivalOf = (side: Side) =>
    moments
      ? momentOf(parts, { id: question[side], encoder, span: moments[side] }, signal)
      : wholeOf(parts, { id: question[side], encoder }, signal)
  const rivals = { wanted: await rivalOf('wanted'), over: await rivalOf('over') }
  const whole = { wanted: rivals.wanted.vectors, over: rivals.over.vectors }
  const before = scores(asked.vectors, whole)
  let answer: WhyNot = {
    model: encoder.id,
    before,
    warnings: [...new Set([...encoder.warnings, ...asked.warnings])],
    searches: [
      { subject: 'text', trials: 0, most: question.texts, steps: [], text: sentences.join(' '), end: null },
      ...(moments
        ? []
        : [{ subject: 'clips' as const, trials: 0, most: question.videos, steps: [], text: null, end: null }]),
    ],
  }
  yield answer
  const texts: FlipProblem<TextEdit> = {
    candidates: edits => text.drops(edits),
    further: (_, tried) => text.replacements(tried),
    score: async edits =>
      scores((await encoded(encoder, { sentences: text.after(edits), each: moments !== null }, signal)).vectors, whole),
    most: question.texts,
  }
  const clips = clipProblem(rivals, {
    most: question.videos,
    score: async removed => {
      const cut = async (side: Side) => {
        const spans = removed.filter(({ of }) => of === side)
        const { video, vectors } = rivals[side]
        return spans.length === 0 ? vectors : [await embedCut(parts, { video, removed: spans, encoder }, signal)]
      }
      return scores(asked.vectors, { wanted: await cut('wanted'), over: await cut('over') })
    },
  })
  const searches = [
    searched(greedyFlip(texts, before), {
      tell: edit => text.told(edit),
      text: edits => text.after(edits).join(' '),
    }),
    ...(moments
      ? []
      : [
          searched(greedyFlip(clips, before), {
            tell: (edit): FlipEdit => ({ kind: 'remove-clip', ...edit }),
            text: () => null,
          }),
        ]),
  ]
  let last = performance.now()
  for (const [place, search] of searches.entries()) {
    for await (const found of search) {
      signal.throwIfAborted()
      const before = answer.searches[place]
      if (!before) continue
      const isNews = found.end !== null || found.steps.length !== before.steps.length
      answer = { ...answer, searches: answer.searches.with(place, { ...before, ...found }) }
      if (!isNews && performance.now() - last < told) continue
      last = performance.now()
      yield answer
    }
  }
}

/** Every clip of both videos, as long as one is left. A video of one clip has none to lose. */
function clipProblem(
  rivals: Record<Side, Rival>,
  { most, score }: Pick<FlipProblem<ClipEdit>, 'most' | 'score'>,
): FlipProblem<ClipEdit> {
  // The same video is not cut in the same way twice.
  const known = new Map<string, Promise<PairScores>>()
  return {
    most,
    score: edits => {
      const key = JSON.stringify(edits.map(({ of, start }) => [of, start]).sort())
      const found = known.get(key) ?? score(edits)
      known.set(key, found)
      return found
    },
    candidates: edits =>
      sides.toReversed().flatMap(of => {
        const left = rivals[of].clips.filter(({ start }) => !edits.some(edit => edit.of === of && edit.start === start))
        return left.length < 2 ? [] : left.map(({ start, end }) => ({ edit: { of, start, end }, size: 1 }))
      }),
  }
}

/** What is told of a search while it goes on. */
async function* searched<Edit>(
  states: AsyncGenerator<FlipState<Edit>>,
  { tell, text }: { readonly tell: (edit: Edit) => FlipEdit; readonly text: (edits: readonly Edit[]) => string | null },
): AsyncGenerator<Pick<FlipSearch, 'trials' | 'steps' | 'text' | 'end'>> {
  for await (const { trials, steps, end } of states) {
    yield {
      trials,
      end,
      steps: steps.map(({ edit, after }) => ({ edit: tell(edit), after })),
      text: text(steps.map(({ edit }) => edit)),
    }
  }
}

/** A text as it is compared: as one paragraph, or each sentence by itself. */
async function encoded(
  encoder: VideoTextEncoder,
  { sentences, each }: { readonly sentences: string[]; readonly each: boolean },
  signal: AbortSignal,
): Promise<{ vectors: readonly Float32Array[]; warnings: readonly string[] }> {
  if (!each) {
    const { embedding, warnings } = await encoder.encodeParagraph(sentences, signal)
    return { vectors: [embedding], warnings }
  }
  const { embeddings, warnings } = await encoder.encodeSentences(sentences, signal)
  return { vectors: embeddings, warnings }
}

function scores(texts: readonly Float32Array[], of: Record<Side, readonly Float32Array[]>): PairScores {
  const best = (vectors: readonly Float32Array[]): number =>
    Math.max(...texts.flatMap(text => vectors.map(vector => dot(text, vector))))
  return { wanted: best(of.wanted), over: best(of.over) }
}

async function wholeOf(
  parts: WhyNotParts,
  { id, encoder }: { readonly id: number; readonly encoder: VideoTextEncoder },
  signal: AbortSignal,
): Promise<Rival> {
  const video = parts.library.ready(id)
  const embedding = { ...parts, encoder, settings: parts.settings() }
  const { rows } = await embedVideo(embedding, video, { pass: 'overview', signal })
  const global = rows.find(({ clip }) => clip === wholeSegment)?.vector
  if (!global) throw new Error(`no embedding of the whole of ${video.path}`)
  const clips = rows.filter(({ clip }) => clip !== wholeSegment).map(({ start, end }) => ({ start, end }))
  return { video, vectors: [global], clips }
}

/** Seconds: ends that touch are of neighbouring clips. */
const touching = 0.05

const isSame = (a: Span, b: Span): boolean => Math.abs(a.start - b.start) + Math.abs(a.end - b.end) < touching

/** The clips of a moment, of the dense pass where it is there, as they are searched. */
async function momentOf(
  parts: WhyNotParts,
  { id, encoder, span }: { readonly id: number; readonly encoder: VideoTextEncoder; readonly span: Span },
  signal: AbortSignal,
): Promise<Rival> {
  const video = parts.library.ready(id)
  const settings = parts.settings()
  const isDense = parts.ledger.has(video.contentId, embeddingKeys(encoder, settings).dense)
  const { rows } = await embedVideo({ ...parts, encoder, settings }, video, {
    pass: isDense ? 'dense' : 'overview',
    signal,
  })
  const within = rows.filter(
    ({ clip, start, end }) => clip !== wholeSegment && start >= span.start - touching && end <= span.end + touching,
  )
  if (within.length === 0) {
    throw new ExpectedError(
      'query-span',
      `No clip of ${video.path} lies within ${span.start.toFixed(1)} to ${span.end.toFixed(1)} s: search again, and ask of a moment that is found.`,
    )
  }
  return { video, vectors: within.map(({ vector }) => vector), clips: [] }
}
