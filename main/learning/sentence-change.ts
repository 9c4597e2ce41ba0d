import { dot } from '../../native-models/dot.ts'
import { pauses } from '../processes/pauses.ts'

/**
 * The change of a projection that corrected sentences teach. A sentence's embedding is the projection of its features,
 * brought to unit length, so that a linear change of the embedding is one of the projection: normalise((I + B) e) with
 * e = normalise(W x + b) is what the projection (I + B) W, (I + B) b gives. B is Σ moves[i] sentences[i]ᵀ: what
 * gradient descent from B = 0 reaches, and nothing in the directions that no sentence has.
 */
export interface SentenceChange {
  /** Unit length, [count][dimension]. */
  readonly sentences: readonly Float32Array[]
  /** How far the embedding moves that has the direction of that sentence, [count][dimension]. */
  readonly moves: readonly Float64Array[]
}

/** A video with sentences of which it is known where they belong. Embeddings have unit length. */
export interface CorrectedVideo {
  /** [clips][dimension] */
  readonly clips: readonly Float32Array[]
  /** [sentences][dimension] */
  readonly sentences: readonly Float32Array[]
  /** The clips that each sentence tells of, by their places: at least one, and not all. */
  readonly own: readonly (readonly number[])[]
}

export interface LearningRule {
  /** Of the softmax in the loss: the model's own. */
  readonly temperature: number
  readonly signal: AbortSignal
  /** Told of each step, and of how many there will be at most. */
  readonly onStep?: ((step: number, most: number) => void) | undefined
}

/** Weight of ½ |B|², which keeps the projection near what it was. */
const decay = 10
const mostSteps = 200
/** Steps that gain less than this share of the loss are too small to go on. */
const leastGain = 1e-4
const firstRate = 1e-3

/**
 * Learns by gradient descent, each step as long as it lowers the loss: for each sentence the softmax over the clips of
 * its video must lie on its own clips, and for each of those clips that over the sentences on its own sentences, as in
 * the multimodal temporal contrastive loss (LF-VILA, section 3.3) with all clips of the video instead of drawn ones.
 * @param videos with a sentence at least between them. @throws the abort reason.
 */
export async function learnChange(
  videos: readonly CorrectedVideo[],
  { temperature, signal, onStep }: LearningRule,
): Promise<SentenceChange> {
  const sentences = videos.flatMap(video => video.sentences)
  const pause = pauses(signal)
  const alike: Float64Array[] = []
  for (const one of sentences) {
    await pause()
    alike.push(Float64Array.from(sentences, other => dot(one, other)))
  }
  let moves = sentences.map(({ length }) => new Float64Array(length))
  let { loss, gradient } = await lossOf(videos, { sentences, moves, alike, temperature, pause })
  let rate = firstRate
  for (let step = 1; step <= mostSteps; step += 1) {
    onStep?.(step, mostSteps)
    signal.throwIfAborted()
    const tried = moves.map((move, index) => move.map((value, place) => value - rate * (gradient[index]?.[place] ?? 0)))
    const found = await lossOf(videos, { sentences, moves: tried, alike, temperature, pause })
    if (!(found.loss < loss)) {
      rate /= 4
      if (rate < firstRate * 1e-9) break
      continue
    }
    const gain = loss - found.loss
    moves = tried
    ;({ loss, gradient } = found)
    if (gain < leastGain * (loss + leastGain)) break
    rate *= 1.6
  }
  return { sentences, moves }
}

/** The embedding of a sentence, of unit length, as the changed projection gives it. */
export function changed({ sentences, moves }: SentenceChange, sentence: Float32Array): Float32Array {
  const sum = Float64Array.from(sentence)
  for (const [index, other] of sentences.entries()) addTimes(sum, moves[index] ?? sum, dot(other, sentence))
  const length = Math.sqrt(dot(sum, sum))
  return Float32Array.from(sum, value => value / length)
}

/** A projection's weight [dimension][inner], row by row, or its bias [dimension], with the change worked in. */
export function changedWeight({ sentences, moves }: SentenceChange, weight: Float32Array): Float32Array {
  const dimension = sentences[0]?.length ?? 0
  const inner = weight.length / dimension
  const sum = Float64Array.from(weight)
  for (const [index, sentence] of sentences.entries()) {
    const along = new Float64Array(inner)
    for (let row = 0; row < dimension; row += 1) {
      addTimes(along, weight.subarray(row * inner, (row + 1) * inner), sentence[row] ?? 0)
    }
    const move = moves[index]
    for (let row = 0; row < dimension; row += 1) {
      addTimes(sum.subarray(row * inner, (row + 1) * inner), along, move?.[row] ?? 0)
    }
  }
  return Float32Array.from(sum)
}

interface Place extends SentenceChange {
  /** Cosine similarities [sentences][sentences]. */
  readonly alike: readonly Float64Array[]
  readonly temperature: number
  /** Called every now and then: what else the process does comes in between. */
  readonly pause: () => Promise<void>
}

/** The loss of a change, and its gradient by B as the moves that make it up. */
export async function lossOf(
  videos: readonly CorrectedVideo[],
  { sentences, moves, alike, temperature, pause }: Place,
): Promise<{ loss: number; gradient: Float64Array[] }> {
  let loss = 0
  const gradient = moves.map(move => move.map(value => decay * value))
  for (const [index, move] of moves.entries()) {
    await pause()
    for (const [other, its] of moves.entries()) loss += (decay / 2) * (alike[index]?.[other] ?? 0) * dot(move, its)
  }
  let first = 0
  for (const video of videos) {
    const places = video.sentences.map((_, index) => first + index)
    first += places.length
    const [moved, lengths, logits]: [Float64Array[], number[], Float64Array[]] = [[], [], []]
    for (const place of places) {
      await pause()
      const sum = Float64Array.from(sentences[place] ?? [])
      for (const [other, move] of moves.entries()) addTimes(sum, move, alike[place]?.[other] ?? 0)
      const length = Math.sqrt(dot(sum, sum))
      moved.push(sum)
      lengths.push(length)
      logits.push(Float64Array.from(video.clips, clip => dot(sum, clip) / (length * temperature)))
    }
    const found = contrast(logits, video.own)
    loss += found.loss
    for (const [index, place] of places.entries()) {
      await pause()
      const [slopes, into] = [found.slopes[index], gradient[place]]
      const [embedding, length = 1] = [moved[index], lengths[index]]
      if (!slopes || !into || !embedding) continue
      const slope = new Float64Array(embedding.length)
      for (const [clip, value] of video.clips.entries()) addTimes(slope, value, (slopes[clip] ?? 0) / temperature)
      // The part along the embedding is lost when it is brought to unit length.
      addTimes(slope, embedding, -dot(slope, embedding) / length ** 2)
      addTimes(into, slope, 1 / length)
    }
  }
  return { loss, gradient }
}

/**
 * The loss of one video, and its slope by each logit.
 * @param logits [sentences][clips]
 */
function contrast(
  logits: readonly Float64Array[],
  own: CorrectedVideo['own'],
): { loss: number; slopes: Float64Array[] } {
  const slopes = logits.map(({ length }) => new Float64Array(length))
  const told = new Map<number, number[]>()
  let loss = 0
  for (const [index, row] of logits.entries()) {
    const all = [...row.keys()]
    const right = own[index] ?? []
    loss += missed(row, { all, right }, (clip, slope) => {
      slopes[index]![clip]! += slope
    })
    for (const clip of right) told.set(clip, [...(told.get(clip) ?? []), index])
  }
  const all = [...logits.keys()]
  // All the clips of a video together weigh as much as all its sentences.
  const weight = logits.length / told.size
  for (const [clip, right] of told) {
    const column = Float64Array.from(logits, row => row[clip] ?? 0)
    loss +=
      weight *
      missed(column, { all, right }, (index, slope) => {
        slopes[index]![clip]! += weight * slope
      })
  }
  return { loss, slopes }
}

/** −log of the share that a softmax over all gives to the right ones. */
function missed(
  logits: Float64Array,
  { all, right }: { readonly all: readonly number[]; readonly right: readonly number[] },
  onSlope: (place: number, slope: number) => void,
): number {
  const [total, hit] = [logSum(logits, all), logSum(logits, right)]
  for (const place of all) onSlope(place, Math.exp((logits[place] ?? 0) - total))
  for (const place of right) onSlope(place, -Math.exp((logits[place] ?? 0) - hit))
  return total - hit
}

function logSum(logits: Float64Array, places: readonly number[]): number {
  const most = places.reduce((found, place) => Math.max(found, logits[place] ?? 0), -Infinity)
  return most + Math.log(places.reduce((sum, place) => sum + Math.exp((logits[place] ?? 0) - most), 0))
}

type Numbers = Float32Array | Float64Array

function addTimes(sum: Numbers, values: Numbers, factor: number): void {
  if (factor === 0) return
  for (let place = 0; place < sum.length; place += 1) sum[place]! += factor * values[place]!
}
