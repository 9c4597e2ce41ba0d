import { beforeEach, describe, expect, it } from 'vitest'
import { clipsIn, countFound, countFoundLeftOut, spanOf } from '../../../main/learning/corrected-clips.ts'
import { changed, changedWeight, learnChange, lossOf } from '../../../main/learning/sentence-change.ts'
import type { CorrectedVideo } from '../../../main/learning/sentence-change.ts'
import { seededRandom } from '../../../native-models/starter/seeded-random.ts'

let random = seededRandom(1, 'sentence change')
beforeEach(() => {
  random = seededRandom(1, 'sentence change')
})
/** Nearly normal, of variance one. */
const normal = () => Array.from({ length: 12 }, () => random.next()).reduce((sum, value) => sum + value, -6)
const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values)
  return Float32Array.from(values, value => value / length)
}
const drawn = (size: number): Float32Array => unit(Array.from({ length: size }, () => normal()))
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0)
const signal = new AbortController().signal
const rule = { temperature: 0.05, signal }

/** Sentences that lie where no clip of theirs is. */
function video(clips: number, own: readonly (readonly number[])[], size = 6): CorrectedVideo {
  return { clips: Array.from({ length: clips }, () => drawn(size)), sentences: own.map(() => drawn(size)), own }
}

describe('what corrected sentences teach', () => {
  it('the gradient is that of the loss, as finite differences find it', async () => {
    const videos = [video(5, [[0, 1], [3], [1, 4]]), video(3, [[2]])]
    const sentences = videos.flatMap(one => one.sentences)
    const alike = sentences.map(one => Float64Array.from(sentences, other => dot(one, other)))
    const moves = sentences.map(() => Float64Array.from({ length: 6 }, () => 0.3 * normal()))
    const at = (changes: readonly Float64Array[]) =>
      lossOf(videos, { sentences, moves: changes, alike, temperature: 0.2, pause: () => Promise.resolve() })
    const { gradient } = await at(moves)
    const step = 1e-5
    for (const index of moves.keys()) {
      for (let place = 0; place < 6; place += 1) {
        const beside = (by: number) =>
          at(moves.map((move, other) => (other === index ? move.with(place, move[place]! + by) : move)))
        const measured = ((await beside(step)).loss - (await beside(-step)).loss) / (2 * step)
        // The gradient is by the matrix Σ moves sentencesᵀ: each move meets every sentence that is alike.
        const expected = gradient.reduce((sum, one, other) => sum + alike[index]![other]! * one[place]!, 0)
        expect(measured).toBeCloseTo(expected, 4)
      }
    }
  })

  it('finds the clips of the sentences that it learnt, and leaves alone what has nothing of them', async () => {
    const learnt = video(6, [[0], [2, 3], [5]], 12)
    const change = await learnChange([learnt], rule)
    expect(await countFound([learnt], change, signal)).toBe(3)
    expect(await countFound([learnt], null, signal)).toBeLessThan(3)
    // A sentence across all that were learnt.
    const other = drawn(12)
    const across = learnt.sentences.reduce<number[]>(
      (left, _, index) => {
        const basis = orthogonal(learnt.sentences.slice(0, index + 1))
        return left.map((value, place) => value - dot(left, basis) * basis[place]!)
      },
      [...other],
    )
    const beside = unit(across)
    expect([...changed(change, beside)]).toEqual([...beside].map(value => expect.closeTo(value, 5)))
  })

  it('the changed projection gives the changed embeddings', async () => {
    const learnt = video(4, [[0], [3]], 5)
    const change = await learnChange([learnt], rule)
    const [weight, bias] = [Float32Array.from({ length: 5 * 7 }, () => normal()), drawn(5)]
    const features = drawn(7)
    const project = (w: Float32Array, b: Float32Array) =>
      unit(Array.from(b, (value, row) => value + dot(w.subarray(row * 7, (row + 1) * 7), features)))
    const [asked, told] = [
      project(changedWeight(change, weight), changedWeight(change, bias)),
      changed(change, project(weight, bias)),
    ]
    expect([...asked]).toEqual([...told].map(value => expect.closeTo(value, 5)))
  })

  it('helps sentences that were left out where there is something to be learnt, and says so where there is not', async () => {
    const size = 8
    // Every sentence lies where its clip is, but for a part that all share: a systematic fault.
    const fault = drawn(size)
    const shifted = (clips: readonly Float32Array[]) =>
      clips.map(clip => unit(Array.from(clip, (value, place) => value - 4 * fault[place]! * dot(fault, clip))))
    const videos = Array.from({ length: 6 }, (): CorrectedVideo => {
      const clips = Array.from({ length: 8 }, () => drawn(size))
      return { clips, sentences: shifted(clips), own: clips.map((_, place) => [place]) }
    })
    const before = await countFound(videos, null, signal)
    expect(before).toBeLessThan(40)
    expect(await countFoundLeftOut(videos, rule)).toBeGreaterThan(before + 4)
    const noise = Array.from({ length: 3 }, () => video(10, [[1], [4], [8]], 64))
    const learnt = await learnChange(noise, rule)
    expect(await countFound(noise, learnt, signal)).toBe(9)
    expect(await countFoundLeftOut(noise, rule)).toBeLessThan(6)
  })

  it('stops when it is told to', async () => {
    const told = new AbortController()
    told.abort(new Error('enough'))
    await expect(learnChange([video(4, [[0], [2]])], { ...rule, signal: told.signal })).rejects.toThrow('enough')
  })

  it.each([
    ['learns', (videos: CorrectedVideo[], told: AbortSignal) => learnChange(videos, { ...rule, signal: told })],
    [
      'counts what it found',
      (videos: CorrectedVideo[], told: AbortSignal) =>
        countFound(videos, { sentences: videos[0]!.sentences, moves: alikeMoves(videos[0]!) }, told),
    ],
  ])('leaves the process its turns while it %s, so that it can be stopped', async (_, work) => {
    const videos = [
      video(
        60,
        Array.from({ length: 600 }, (_, index) => [index % 60]),
        64,
      ),
    ]
    const told = new AbortController()
    setImmediate(() => told.abort(new Error('enough')))
    await expect(work(videos, told.signal)).rejects.toThrow('enough')
  })
})

const alikeMoves = ({ sentences }: CorrectedVideo) => sentences.map(one => Float64Array.from(one))

describe('the clips of a sentence', () => {
  const clips = [0, 2, 4, 6].map(start => ({ start, end: start + 2 }))
  it('are those of which half lies in its span, else the one of which most does', () => {
    expect(clipsIn(clips, { start: 1, end: 5 })).toEqual([0, 1, 2])
    expect(clipsIn(clips, { start: 3.5, end: 4.2 })).toEqual([1])
    expect(clipsIn(clips, { start: 9, end: 11 })).toEqual([])
  })
  it('are none without times', () => {
    expect(spanOf({ text: 'a', start: null, end: null })).toBeNull()
    expect(spanOf({ text: 'a', start: 3, end: 3 })).toBeNull()
    expect(spanOf({ text: 'a', start: 3, end: 4 })).toEqual({ start: 3, end: 4 })
  })
})

/** The part of the last vector across those before it, of unit length. */
function orthogonal(vectors: readonly Float32Array[]): Float32Array {
  const basis: Float32Array[] = []
  for (const vector of vectors) {
    let left = [...vector]
    for (const one of basis) {
      const along = dot(left, one)
      left = left.map((value, place) => value - along * one[place]!)
    }
    basis.push(unit(left))
  }
  return basis.at(-1)!
}
