import { describe, expect, test } from 'vitest'
import { colorDistance, colors, figureColors } from '../../../../main/media/demo/painting/palette.ts'
import type { Figure } from '../../../../main/media/demo/painting/scene.ts'
import {
  actionCards,
  backgroundCards,
  isHeldOut,
  standsOut,
  storyShapes,
} from '../../../../main/media/demo/stories/attributes.ts'
import { drawStories } from '../../../../main/media/demo/stories/draw-stories.ts'
import { storySplits, usualStories } from '../../../../main/media/demo/stories/options.ts'
import type { Story, ToldScene } from '../../../../main/media/demo/stories/story.ts'
import { sentenceFor } from '../../../../main/media/demo/telling/sentence.ts'
import { actionName } from '../../../../main/media/demo/telling/words.ts'

const options = { ...usualStories, seed: 7 }
const stories = new Map(storySplits.map(split => [split, drawStories(options, split, 240)]))
const of = (split: (typeof storySplits)[number]) => stories.get(split) ?? []
const all = [...stories.values()].flat()
const figuresOf = ({ action }: ToldScene): Figure[] =>
  'other' in action ? [action.figure, action.other] : [action.figure]
const counted = (values: Iterable<string>) => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
/** How far from even a count is: the largest part that one value has more or less than its share. */
const unevenness = (counts: ReadonlyMap<string, number>) => {
  const mean = [...counts.values()].reduce((sum, count) => sum + count, 0) / counts.size
  return Math.max(...[...counts.values()].map(count => Math.abs(count / mean - 1)))
}

describe('stories are drawn', () => {
  test('the same from the same seed, whatever their number, and others from another seed or for another split', () => {
    expect(drawStories(options, 'train', 20)).toEqual(of('train').slice(0, 20))
    const scenesOf = (story: Story | undefined) => story?.scenes.map(scene => sentenceFor(scene, scene.wording))
    const others = [drawStories({ ...options, seed: 8 }, 'train', 20), of('val'), of('test')]
    for (const other of others) expect(scenesOf(other[16])).not.toEqual(scenesOf(of('train')[16]))
    const told = all.map(story => JSON.stringify(story.scenes.map(({ action, background }) => [action, background])))
    expect(new Set(told).size).toBe(all.length)
  })

  test('with 4 to 12 scenes, 15 s to 3 min long, in several containers, sizes and orientations', () => {
    for (const { scenes } of all) {
      expect(scenes.length).toBeGreaterThanOrEqual(4)
      expect(scenes.length).toBeLessThanOrEqual(12)
      const seconds = scenes.reduce((sum, scene) => sum + scene.seconds, 0)
      expect(seconds).toBeGreaterThanOrEqual(15)
      expect(seconds).toBeLessThanOrEqual(180)
      const lengths = scenes.map(scene => scene.seconds)
      // Frames that are spread over the whole show every scene.
      expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.6)
    }
    expect(new Set(all.map(({ container }) => container)).size).toBe(5)
    expect(new Set(all.map(({ captions }) => captions)).size).toBe(3)
    expect(all.some(({ size }) => size.height > size.width)).toBe(true)
  })

  test('with every colour, shape, action and background equally often', () => {
    for (const split of storySplits) {
      const drawn = of(split).filter(({ id }) => !id.endsWith('b'))
      const scenes = drawn.flatMap(story => story.scenes)
      expect(unevenness(counted(scenes.map(({ action }) => action.figure.color)))).toBeLessThan(0.05)
      expect(unevenness(counted(scenes.map(({ action }) => action.figure.shape)))).toBeLessThan(0.15)
      expect(unevenness(counted(drawn.map(({ mainShape }) => mainShape)))).toBeLessThan(0.1)
      const actions = counted(scenes.map(({ action }) => actionName(action)))
      expect(actions.size).toBe(actionCards.length)
      expect(unevenness(actions)).toBeLessThan(0.15)
      const backgrounds = counted(scenes.map(({ background }) => JSON.stringify(background)))
      const cards = counted(backgroundCards.map(card => JSON.stringify(card)))
      expect(backgrounds.size).toBe(cards.size)
      expect(
        unevenness(new Map([...backgrounds].map(([card, count]) => [card, count / (cards.get(card) ?? 1)]))),
      ).toBeLessThan(0.2)
    }
  })

  test('whatever the seed and the number of scenes', () => {
    for (const scenes of [
      [4, 12],
      [5, 5],
      [1, 3],
    ] as const) {
      for (let seed = 0; seed < 12; seed++) {
        expect(drawStories({ ...usualStories, seed, scenes }, 'train', 100)).toHaveLength(100)
      }
    }
  })

  test('with one shape in most scenes, which is the class of the video', () => {
    for (const { scenes, mainShape } of all) {
      const seen = counted(scenes.flatMap(figuresOf).map(({ shape }) => shape))
      const [most = 0, next = 0] = [...seen.values()].sort((a, b) => b - a)
      expect(seen.get(mainShape)).toBe(most)
      expect(next).toBeLessThan(most)
    }
  })
})

describe('what training never shows', () => {
  const combinations = figureColors.flatMap(color =>
    storyShapes.flatMap(shape => actionCards.map(({ name }) => [color, shape, name] as const)),
  )
  const held = combinations.filter(one => isHeldOut(...one))

  test('is a tenth of all combinations of colour, shape and action, and as much of each', () => {
    expect(held.length / combinations.length).toBeCloseTo(0.1, 2)
    for (const place of [0, 1, 2] as const) {
      const shares = counted(held.map(one => one[place]))
      const every = counted(combinations.map(one => one[place]))
      expect(shares.size).toBe(every.size)
      for (const [value, count] of shares) {
        expect(count / (every.get(value) ?? 0)).toBeGreaterThan(0.07)
        expect(count / (every.get(value) ?? 0)).toBeLessThan(0.13)
      }
    }
  })

  test('is in no story of train and val, and in the marked half of test', () => {
    const shows = (scene: ToldScene) =>
      figuresOf(scene).some(({ color, shape }) => isHeldOut(color, shape, actionName(scene.action)))
    for (const split of ['train', 'val'] as const) {
      expect(of(split).flatMap(({ scenes }) => scenes.filter(shows))).toEqual([])
      expect(of(split).some(({ hasHeldOut }) => hasHeldOut)).toBe(false)
    }
    for (const { scenes, hasHeldOut } of of('test')) {
      const share = scenes.filter(shows).length / scenes.length
      if (hasHeldOut) expect(share).toBeGreaterThanOrEqual(0.5)
      else expect(share).toBe(0)
    }
    const marked = of('test').filter(({ hasHeldOut }) => hasHeldOut).length
    expect(marked / of('test').length).toBeCloseTo(0.5, 1)
  })
})

describe('twins', () => {
  const pairs = of('test').flatMap(story => {
    const other = of('test').find(({ id }) => id === story.twin)
    return other && story.id < other.id ? [[story, other] as const] : []
  })
  const plain = ({ action, background, seconds }: ToldScene) => JSON.stringify({ action, background, seconds })

  test('are half of all videos, or all, or none', () => {
    expect(pairs.length).toBe(60)
    expect(drawStories({ ...options, twins: 'all' }, 'test', 20).every(({ twin }) => twin !== null)).toBe(true)
    expect(drawStories({ ...options, twins: 'none' }, 'test', 20).every(({ twin }) => twin === null)).toBe(true)
    // Of a single scene there is no other order.
    const single = { ...options, scenes: [1, 1], twins: 'all' } as const
    expect(drawStories(single, 'test', 5).every(({ twin }) => twin === null)).toBe(true)
  })

  test('in other places differ in them alone: where one is in the snow the other is under water', () => {
    const drawn = drawStories({ ...options, twins: 'places' }, 'train', 40)
    for (const [at, one] of drawn.entries()) {
      if (at % 2 === 1) continue
      const other = drawn[at + 1]
      expect([one.twin, other?.twin]).toEqual([other?.id, one.id])
      const snowy = one.scenes.map(plain).join()
      expect(snowy).toContain('"snow"')
      expect(other?.scenes.map(plain).join()).toBe(snowy.replaceAll('"snow"', '"deep water"'))
    }
    const usual = drawStories({ ...options, twins: 'all' }, 'train', 40)
    expect(JSON.stringify(usual)).not.toMatch(/snow|deep water/)
  })

  test('have the same scenes, told in the same words, none in its place, and much of the order turned round', () => {
    for (const [one, other] of pairs) {
      expect(other.id).toBe(one.id.replace(/a$/, 'b'))
      const [first, second] = [one.scenes.map(plain), other.scenes.map(plain)]
      expect(second.toSorted()).toEqual(first.toSorted())
      expect(second.some((scene, place) => scene === first[place])).toBe(false)
      expect(one.size).toEqual(other.size)
      const order = second.map(scene => first.indexOf(scene))
      const pairsOfScenes = (order.length * (order.length - 1)) / 2
      const turned = order.flatMap((place, at) => order.slice(at + 1).filter(later => later < place)).length
      expect(turned / pairsOfScenes).toBeGreaterThanOrEqual(0.3)
      const words = ({ scenes }: Story) =>
        scenes.map(scene => sentenceFor(scene, { ...scene.wording, order: undefined, placeFirst: false })).toSorted()
      expect(words(one)).toEqual(words(other))
    }
  })

  test('words of order are true of the place in the story', () => {
    let told = 0
    for (const { scenes } of all) {
      for (const [place, { wording }] of scenes.entries()) {
        if (wording.order === undefined) continue
        told += 1
        const isFirst = /^(first|at first)$/.test(wording.order)
        const isLast = /^(finally|at last|in the end)$/.test(wording.order)
        expect(isFirst).toBe(place === 0)
        expect(isLast).toBe(place === scenes.length - 1)
      }
    }
    expect(told / all.flatMap(({ scenes }) => scenes).length).toBeGreaterThan(0.25)
  })
})

describe('figures can be seen and told apart', () => {
  test('no two colours of figures are alike, and none is that of the background', () => {
    for (const [index, color] of figureColors.entries()) {
      for (const other of figureColors.slice(index + 1)) {
        expect(colorDistance(colors[color], colors[other]), `${color} and ${other}`).toBeGreaterThan(0.17)
      }
    }
    for (const scene of all.flatMap(({ scenes }) => scenes)) {
      for (const { color } of figuresOf(scene)) expect(standsOut(color, scene.background)).toBe(true)
    }
  })

  test('the distance of colours is that of Oklab', () => {
    // Oklab's author gives white as (1, 0, 0), so that black and white are 1 apart; red has lightness 0.628 and chroma
    // 0.258.
    expect(colorDistance([255, 255, 255], [0, 0, 0])).toBeCloseTo(1, 3)
    expect(colorDistance([255, 0, 0], [0, 0, 0])).toBeCloseTo(Math.hypot(0.628, 0.2577), 3)
  })
})
