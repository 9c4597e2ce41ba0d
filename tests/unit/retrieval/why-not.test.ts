import { describe, expect, it } from 'vitest'
import type { PairScores } from '../../../main/api/inspection/why-not.ts'
import type { MediaInfo } from '../../../main/media/media-info.ts'
import { overviewTimes } from '../../../main/media/sampling/sampling.ts'
import { cutTimes } from '../../../main/retrieval/why-not/cut-video.ts'
import { greedyFlip } from '../../../main/retrieval/why-not/greedy-flip.ts'
import type { FlipState } from '../../../main/retrieval/why-not/greedy-flip.ts'
import { EditableText } from '../../../main/retrieval/why-not/text-edits.ts'

async function lastOf<Edit>(states: AsyncGenerator<FlipState<Edit>>): Promise<FlipState<Edit>> {
  let last: FlipState<Edit> | null = null
  for await (last of states);
  if (!last) throw new Error('nothing was told')
  return last
}

/** Each letter that is there gives `over` so much; `wanted` has 1. */
const worth = { a: 0.1, b: 0.4, c: 0.5, d: 0.6 } as const
type Letter = keyof typeof worth
const letters = Object.keys(worth) as Letter[]
const scoreOf = (edits: readonly Letter[]): PairScores => ({
  wanted: 1,
  over: letters.reduce((sum, letter) => (edits.includes(letter) ? sum : sum + worth[letter]), 0),
})
const problem = (most = 100) => ({
  candidates: (edits: readonly Letter[]) =>
    letters.filter(letter => !edits.includes(letter)).map(edit => ({ edit, size: 1 })),
  score: async (edits: readonly Letter[]) => scoreOf(edits),
  most,
})

describe('a greedy search for what flips an order', () => {
  it('takes what helps most until the order is turned round, and says what each step costs', async () => {
    // 1.6 in all: without d 1.0, which is a tie; then c brings it to 0.5.
    const { steps, end, trials } = await lastOf(greedyFlip(problem(), scoreOf([])))
    expect(end).toBe('flipped')
    expect(steps.map(({ edit }) => edit)).toEqual(['d', 'c'])
    expect(steps.map(({ after }) => after.over)).toEqual([expect.closeTo(1, 9), expect.closeTo(0.5, 9)])
    // Four single edits, three second ones, and once without the first.
    expect(trials).toBe(8)
  })

  it('leaves out in the end what a later edit has made needless', async () => {
    // Dropping x helps a little by itself; y alone flips, but only where x was looked at first.
    const over = (edits: readonly string[]) => {
      if (edits.includes('y') && edits.includes('z')) return 0
      return edits.includes('x') ? 1.5 : edits.includes('y') || edits.includes('z') ? 1.9 : 2
    }
    const found = await lastOf(
      greedyFlip(
        {
          candidates: (edits: readonly string[]) =>
            ['x', 'y', 'z'].filter(edit => !edits.includes(edit)).map(edit => ({ edit, size: 1 })),
          score: async (edits: readonly string[]) => ({
            wanted: 1,
            over: edits.includes('x') && edits.length === 2 ? 1.2 : over(edits),
          }),
          most: 100,
        },
        { wanted: 1, over: 2 },
      ),
    )
    expect(found).toMatchObject({ end: 'flipped', steps: [{ edit: 'y' }, { edit: 'z', after: { over: 0 } }] })
  })

  it('prefers the smaller of two edits that flip', async () => {
    const found = await lastOf(
      greedyFlip(
        {
          candidates: () => [
            { edit: 'a sentence', size: 7 },
            { edit: 'a word', size: 1 },
          ],
          score: async ([edit]) => ({ wanted: 1, over: edit === 'a word' ? 0.9 : 0.1 }),
          most: 10,
        },
        { wanted: 1, over: 2 },
      ),
    )
    expect(found.steps.map(({ edit }) => edit)).toEqual(['a word'])
  })

  it('stops at its limit, and where nothing helps', async () => {
    expect(await lastOf(greedyFlip(problem(3), scoreOf([])))).toMatchObject({ trials: 3, end: 'limit' })
    const useless = { ...problem(), score: async () => scoreOf([]) }
    expect(await lastOf(greedyFlip(useless, scoreOf([])))).toEqual({ trials: 4, end: 'stuck', steps: [] })
    expect(await lastOf(greedyFlip(problem(), { wanted: 2, over: 1 }))).toEqual({
      trials: 0,
      end: 'flipped',
      steps: [],
    })
  })
})

describe('edits of a text', () => {
  const text = new EditableText('A red ball, rolling. It stops.', ['A blue ball bounces.', 'Blue is blue.'])

  it('drops words and sentences, and never all', () => {
    const drops = text.drops([])
    expect(drops.filter(({ edit }) => edit.kind === 'drop-word')).toHaveLength(6)
    expect(drops.filter(({ edit }) => edit.kind === 'drop-sentence').map(({ size }) => size)).toEqual([4, 2])
    expect(text.after([{ kind: 'drop-word', sentence: 0, piece: 2 }])).toEqual(['A ball, rolling.', 'It stops.'])
    expect(text.after([{ kind: 'drop-sentence', sentence: 0 }])).toEqual(['It stops.'])
    expect(new EditableText('Alone.', []).drops([])).toEqual([])
  })

  it('puts the words of other texts in the place of those whose loss helps most', () => {
    const red = { kind: 'drop-word', sentence: 0, piece: 2 } as const
    const found = text.replacements([{ edit: red, after: { wanted: 1, over: 2 } }])
    expect(found.map(({ edit }) => text.told(edit))).toEqual([
      { kind: 'replace-word', word: 'red', by: 'blue' },
      { kind: 'replace-word', word: 'red', by: 'bounces' },
      { kind: 'replace-word', word: 'red', by: 'is' },
    ])
    expect(text.after([found[0]!.edit])).toEqual(['A blue ball, rolling.', 'It stops.'])
  })
})

describe('a video without some of its clips', () => {
  const info = { firstFrameTime: 1, duration: 8, frameRate: 10, frameCount: 80 } as MediaInfo

  it('is sampled as the whole one is where nothing is cut', () => {
    cutTimes(info, [], 8).forEach((time, frame) => expect(time).toBeCloseTo(overviewTimes(info, 8)[frame]!, 9))
  })

  it('shows nothing of what was cut, and both ends of what is left', () => {
    const removed = [
      { start: 3, end: 5 },
      { start: 5, end: 6 },
    ]
    const times = cutTimes(info, removed, 8)
    expect(times).toHaveLength(8)
    expect(times.filter(time => time >= 3 && time < 6)).toEqual([])
    expect([times[0], times.at(-1)]).toEqual([1, expect.closeTo(8.9, 6)])
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})
