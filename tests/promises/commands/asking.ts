import { expect, it } from 'vitest'
import { importing, writeTinyModel } from '../support/tiny-model.ts'
import type { CommandBench } from './command-bench.ts'

interface Asked {
  model: string
  answers: { text: string; probability: number }[]
  span: { time: number; probability: number }[] | null
  evidence: { start: number; end: number; without: number; answerWithout: string }[] | null
}

/** Questions about a video, to a model of each kind that answers. */
export function askingCommands({ folder, lfvila, runs, testVideo }: CommandBench): void {
  const sum = (shares: readonly { probability: number }[]) =>
    shares.reduce((all, { probability }) => all + probability, 0)

  it(
    'asks a question with answers, and hides one part of the video after the other',
    runs(['ask --answer --evidence --model --device cpu'], async () => {
      await lfvila(
        ...importing(await writeTinyModel(folder(), 'qa-multichoice'), 'chooses'),
        '--kind',
        'qa-multichoice',
      )
      const words = ['ask', testVideo('red'), 'which', 'colour', 'is', 'it', '?', '--answer', 'red', '--answer', 'blue']
      const found = await lfvila<Asked>(...words, '--model', 'chooses', '--evidence', '--device', 'cpu')
      expect(found.answers.map(({ text }) => text).toSorted()).toEqual(['blue', 'red'])
      expect(sum(found.answers)).toBeCloseTo(1, 6)
      // The tiny model sees four frames: each is a part of its own.
      expect(found.span).toHaveLength(4)
      expect(found.evidence).toHaveLength(4)
      expect(found.evidence?.[0]?.start).toBe(0)
      for (const [part, { end }] of found.evidence!.entries()) {
        const next = found.evidence![part + 1]
        if (next) expect(end).toBe(next.start)
      }
      // A film of one colour is the same under its mean colour.
      for (const { without, answerWithout } of found.evidence!) {
        expect(without).toBeCloseTo(found.answers[0]!.probability, 3)
        expect(answerWithout).toBe(found.answers[0]!.text)
      }
      // The only model of its kind need not be named, and answers the same.
      const again = await lfvila<Asked>(...words)
      expect(again).toMatchObject({ model: 'chooses', answers: found.answers, evidence: null })
    }),
    300_000,
  )

  it(
    'asks a model with answers of its own, and one of classes, and says what is missing',
    runs(['ask'], async () => {
      await lfvila(
        ...importing(await writeTinyModel(folder(), 'qa-classification'), 'knows'),
        '--kind',
        'qa-classification',
      )
      const own = await lfvila<Asked>('ask', testVideo('red'), 'which colour is it ?', '--model', 'knows')
      expect(own.answers.map(({ text }) => text).toSorted()).toEqual(['0', '1'])
      expect(own.span).toBeNull()
      await lfvila(
        ...importing(await writeTinyModel(folder(), 'video-classification'), 'sorts'),
        '--kind',
        'video-classification',
      )
      expect(sum((await lfvila<Asked>('ask', testVideo('red'), '--model', 'sorts')).answers)).toBeCloseTo(1, 6)
      await expect(lfvila('ask', testVideo('red'), 'which ?', '--answer', 'red', '--model', 'chooses')).rejects.toThrow(
        'give at least two',
      )
      await expect(lfvila('ask', testVideo('red'), 'which ?', '--model', 'starter')).rejects.toThrow(
        'answers no questions',
      )
    }),
    300_000,
  )
}
