import { storySplits, twinShares, usualStories } from '../../../../media/demo/stories/options.ts'
import type { StoryOptions, StorySplit } from '../../../../media/demo/stories/options.ts'
import type { Command, OptionValues } from '../../terminal/command.ts'
import { choice, text, UsageError, wholeNumber } from '../../terminal/command.ts'

const string = { type: 'string' } as const

export const storyOptions = {
  stories: string,
  seed: string,
  split: string,
  twins: string,
  scenes: string,
  seconds: string,
  size: string,
  fps: string,
} as const

export const storyHelp: Command['help'] = [
  ['--stories N', 'N stories drawn from a seed, with annotations, instead of the demo library'],
  ['--seed S', 'what they are drawn from (default: 0)'],
  [
    `--split ${storySplits.join('|')}, or shares`,
    'which stories; as train=0.8,val=0.1,test=0.1 several at once (default: test)',
  ],
  [
    `--twins ${twinShares.join('|')}`,
    'how many have a twin with the same scenes in another order (default: half); places: all have one that is under water where they are in the snow, two places of no other story',
  ],
  ['--scenes MIN-MAX', `scenes of a story (default: ${usualStories.scenes.join('-')})`],
  ['--seconds MIN-MAX', `of a scene (default: ${usualStories.seconds.join('-')}, shorter ones more often)`],
  [
    '--size WIDTHxHEIGHT|small',
    'pixels of every video, or several small sizes, all MP4 (default: several sizes and containers)',
  ],
  ['--fps N', `frames a second (default: ${usualStories.framesPerSecond})`],
]

const mostScenes = 30
const sizes = { least: 32, most: 1920 }

/** What `demo --stories` asks for; null when the demo library is asked for. @throws UsageError. */
export function storiesOf(
  values: OptionValues,
): { counts: readonly (readonly [StorySplit, number])[]; options: StoryOptions } | null {
  if (values.stories === undefined) {
    const lone = Object.keys(storyOptions).find(name => values[name] !== undefined)
    if (lone !== undefined) throw new UsageError(`--${lone} is about stories: say how many with --stories N.`)
    return null
  }
  const stories = wholeNumber(values, 'stories', { least: 1, most: 99_999 })
  return {
    counts: countsOf(text(values, 'split') ?? 'test', stories),
    options: {
      seed: wholeNumber(values, 'seed', { least: 0, most: 0xffff_ffff, fallback: usualStories.seed }),
      twins: choice(values, 'twins', twinShares) ?? usualStories.twins,
      scenes: range(values, 'scenes', { least: 1, most: mostScenes, whole: true }) ?? usualStories.scenes,
      seconds: range(values, 'seconds', { least: 0.5, most: 60, whole: false }) ?? usualStories.seconds,
      framesPerSecond: wholeNumber(values, 'fps', { least: 1, most: 60, fallback: usualStories.framesPerSecond }),
      size: sizeOf(text(values, 'size')),
    },
  }
}

/** How many stories of each split: whole numbers that are as near to the shares as they can be. */
function countsOf(given: string, stories: number): (readonly [StorySplit, number])[] {
  const parts = given.split(',').map(part => {
    const [, name, share = '1'] = /^([a-z]+)(?:=(\d+(?:\.\d+)?))?$/.exec(part.trim()) ?? []
    return { split: storySplits.find(one => one === name), share: Number(share) }
  })
  const all = parts.reduce((sum, { share }) => sum + share, 0)
  const names = parts.map(({ split }) => split)
  if (names.includes(undefined) || new Set(names).size < names.length || parts.some(({ share }) => !(share > 0))) {
    throw new UsageError(
      `--split takes one of ${storySplits.join(', ')}, or shares as in train=0.8,val=0.1,test=0.1, not "${given}".`,
    )
  }
  let [before, made] = [0, 0]
  return parts.flatMap(({ split, share }) => {
    before += share
    const count = Math.round((stories * before) / all) - made
    made += count
    return split !== undefined && count > 0 ? [[split, count] as const] : []
  })
}

function range(
  values: OptionValues,
  name: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): [number, number] | undefined {
  const given = text(values, name)
  if (given === undefined) return undefined
  const number = whole ? '\\d+' : '\\d+(?:\\.\\d+)?'
  const [, first, last = first] = new RegExp(`^(${number})(?:-(${number}))?$`).exec(given.trim()) ?? []
  const [from, to] = [Number(first), Number(last)]
  if (first === undefined || from < least || to > most) {
    throw new UsageError(
      `--${name} takes ${whole ? 'a whole number' : 'a number'} or two as in ${least === 1 ? '4-12' : '2-5'}, from ${least} to ${most}, not "${given}".`,
    )
  }
  if (from > to) throw new UsageError(`--${name} takes the smaller number first: ${to}-${from}, not "${given}".`)
  return [from, to]
}

function sizeOf(given: string | undefined): StoryOptions['size'] {
  if (given === undefined) return null
  if (given === 'small') return given
  const [width = NaN, height = NaN] = /^\d+x\d+$/i.test(given) ? given.split(/x/i).map(Number) : []
  const fits = (pixels: number) => pixels >= sizes.least && pixels <= sizes.most && pixels % 2 === 0
  if (!fits(width) || !fits(height)) {
    throw new UsageError(
      `--size takes an even width and height from ${sizes.least} to ${sizes.most} pixels as in 160x96, or small, not "${given}".`,
    )
  }
  return { width, height }
}
