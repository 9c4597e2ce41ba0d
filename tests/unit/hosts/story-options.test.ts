import { expect, test } from 'vitest'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import { storiesOf } from '../../../main/hosts/cli/commands/library/story-options.ts'
import { usualStories } from '../../../main/media/demo/stories/options.ts'

const asked = (...words: string[]) => {
  const line = readCommandLine(['demo', 'DIR', ...words])
  if (line.kind !== 'run') throw new Error('demo is no command')
  return storiesOf(line.values)
}

test('without a number of stories, the demo library is made', () => {
  expect(asked()).toBeNull()
})

test('the options say what stories are drawn from', () => {
  expect(asked('--stories', '3')).toEqual({ counts: [['test', 3]], options: usualStories })
  const words = '--stories 1504 --seed 1 --split train --scenes 4-4 --seconds 1.5-2 --size 160x96 --fps 8 --twins all'
  expect(asked(...words.split(' '))).toEqual({
    counts: [['train', 1504]],
    options: {
      seed: 1,
      twins: 'all',
      scenes: [4, 4],
      seconds: [1.5, 2],
      size: { width: 160, height: 96 },
      framesPerSecond: 8,
    },
  })
  expect(asked('--stories', '2', '--scenes', '6')?.options.scenes).toEqual([6, 6])
  expect(asked('--stories', '2', '--size', 'small')?.options.size).toBe('small')
})

test('shares of splits are whole stories, all of them', () => {
  expect(asked('--stories', '200', '--split', 'train=0.8,val=0.1,test=0.1')?.counts).toEqual([
    ['train', 160],
    ['val', 20],
    ['test', 20],
  ])
  expect(asked('--stories', '7', '--split', 'train=1,val=1,test=1')?.counts).toEqual([
    ['train', 2],
    ['val', 3],
    ['test', 2],
  ])
  expect(asked('--stories', '1', '--split', 'train=9,val=1')?.counts).toEqual([['train', 1]])
})

test.each([
  [['--seed', '3'], '--seed is about stories: say how many with --stories N.'],
  [['--stories', '0'], '--stories takes a whole number from 1 to 99999, not "0".'],
  [['--stories', '2.5'], '--stories takes a whole number from 1 to 99999, not "2.5".'],
  [['--stories', 'many'], '--stories takes a whole number from 1 to 99999, not "many".'],
  [['--stories=-4'], '--stories takes a whole number from 1 to 99999, not "-4".'],
  [['--stories', '3', '--seed', '1.5'], '--seed takes a whole number from 0 to 4294967295, not "1.5".'],
  [['--stories', '3', '--seed', 'x'], '--seed takes a whole number from 0 to 4294967295, not "x".'],
  [['--stories', '3', '--scenes', '9-4'], '--scenes takes the smaller number first: 4-9, not "9-4".'],
  [['--stories', '3', '--scenes', '0-4'], '--scenes takes a whole number or two as in 4-12, from 1 to 30, not "0-4".'],
  [['--stories', '3', '--scenes', '4.5'], '--scenes takes a whole number or two as in 4-12, from 1 to 30, not "4.5".'],
  [['--stories', '3', '--seconds', '4-'], '--seconds takes a number or two as in 2-5, from 0.5 to 60, not "4-".'],
  [['--stories', '3', '--seconds', '0-1'], '--seconds takes a number or two as in 2-5, from 0.5 to 60, not "0-1".'],
  [['--stories', '3', '--seconds', '5-2'], '--seconds takes the smaller number first: 2-5, not "5-2".'],
  [
    ['--stories', '3', '--size', '160x95'],
    '--size takes an even width and height from 32 to 1920 pixels as in 160x96, or small, not "160x95".',
  ],
  [
    ['--stories', '3', '--size', '160'],
    '--size takes an even width and height from 32 to 1920 pixels as in 160x96, or small, not "160".',
  ],
  [['--stories', '3', '--fps', '0'], '--fps takes a whole number from 1 to 60, not "0".'],
  [['--stories', '3', '--twins', 'some'], '--twins takes one of half, all, none, places, not "some".'],
  [
    ['--stories', '3', '--split', 'training'],
    '--split takes one of train, val, test, or shares as in train=0.8,val=0.1,test=0.1, not "training".',
  ],
  [
    ['--stories', '3', '--split', 'train=0,val=1'],
    '--split takes one of train, val, test, or shares as in train=0.8,val=0.1,test=0.1, not "train=0,val=1".',
  ],
  [
    ['--stories', '3', '--split', 'val,val'],
    '--split takes one of train, val, test, or shares as in train=0.8,val=0.1,test=0.1, not "val,val".',
  ],
])('%j is refused in a sentence', (words, sentence) => {
  expect(() => asked(...words)).toThrow(sentence)
})
