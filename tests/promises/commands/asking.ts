import { expect, it } from 'vitest'
import { importing, writeTinyModel } from '../support/tiny-model.ts'
import type { CommandBench } from './command-bench.ts'

interface Asked {
  model: string
  answers: { text: string; probability: number }[]
  span: { time: number; probability: number }[] | null
  evidence: { start: number; end: number; without: number; answerWithout: string }[] | null
}

interface Across {
  frames: number[]
  words: { text: string; sentence: number | null; special: boolean }[]
  shares: number[][]
  map: number[][]
}

/** Questions about a video, to a model of each kind that answers, and where a text and a video are read together. */
export function askingCommands({ at, folder, lfvila, runs, testVideo }: CommandBench): void {
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

  it(
    'shows which words and frames attend to each other, where a model reads both',
    runs(['attention --text --layer --head --at --model', 'attention --captions'], async () => {
      await lfvila(
        ...importing(await writeTinyModel(folder(), 'pretrain-stage2'), 'reads'),
        '--kind',
        'pretrain-stage2',
      )
      for (const which of [
        ['--text', 'A red film. The film is red.', '--layer', '0', '--head', '1', '--at', '0.5'],
        ['--captions', at('rows', 'test', 'v_test_red_0.txt')],
      ]) {
        const { frames, words, shares, map } = await lfvila<Across>(
          ...['attention', testVideo('red'), ...which, '--model', 'reads'],
        )
        const places = words.length + 4
        expect([frames.length, map.length, map[0]?.length]).toEqual([4, places, places])
        // The global token, then what the model reads of each sentence.
        expect(words.slice(0, 4)).toEqual([
          { text: '', sentence: null, special: true },
          { text: '[CLS]', sentence: 0, special: true },
          { text: 'a', sentence: 0, special: false },
          { text: 'red', sentence: 0, special: false },
        ])
        expect(words.at(-1)).toEqual({ text: '[SEP]', sentence: 1, special: true })
        expect([shares.length, shares[0]?.length]).toEqual([2, 2])
        for (const row of map) expect(row.reduce((all, weight) => all + weight, 0)).toBeCloseTo(1, 5)
      }
      const red = ['attention', testVideo('red'), '--text', 'A red film.']
      await expect(lfvila(...red, '--model', 'reads', '--layer', '2')).rejects.toThrow('in 2 layers, counted from 0')
      await expect(lfvila(...red, '--model', 'starter')).rejects.toThrow('reads text and video apart')
    }),
    300_000,
  )
}
