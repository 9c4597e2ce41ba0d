import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { Background, Figure, Scene } from '../painting/scene.ts'
import { actionCards, backgroundCards, figureColors, isHeldOut, standsOut, storyShapes } from './attributes.ts'
import type { ActionCard, FigureColor, StoryShape } from './attributes.ts'
import { Deck } from './deck.ts'
import type { StoryOptions } from './options.ts'

/** What of the combinations that training never shows may be in a story. */
export type HeldOut = 'none' | 'half of the scenes'

export interface DrawnScenes {
  readonly mainShape: StoryShape
  readonly scenes: readonly Scene[]
  readonly hasHeldOut: boolean
}

/** Of every eight scenes that several figures can act together in, so many have one. */
const counts = [1, 1, 1, 1, 2, 3, 4, 5] as const
const paces = [undefined, undefined, 'slowly', 'quickly'] as const
const lanes = [-0.8, -0.4, 0, 0.4, 0.8] as const

/** Draws the scenes of one story after another, each colour, shape, action and background equally often. */
export class SceneDrawer {
  readonly #options: Pick<StoryOptions, 'seconds' | 'framesPerSecond'>
  readonly #decks

  constructor(options: StoryOptions, split: string) {
    const deck = <Card>(name: string, cards: readonly Card[]) =>
      new Deck(cards, seededRandom(options.seed, 'stories', split, 'deck', name))
    this.#options = options
    this.#decks = {
      mainShapes: deck('main shapes', storyShapes),
      shapes: deck('shapes', storyShapes),
      otherShapes: deck('other shapes', storyShapes),
      actions: deck('actions', actionCards),
      colors: deck('colours', figureColors),
      otherColors: deck('other colours', figureColors),
      backgrounds: deck('backgrounds', backgroundCards),
      counts: deck('counts', counts),
      paces: deck('paces', paces),
      lanes: deck('lanes', lanes),
    }
  }

  /** No action is twice in a story, and no background while there are others: questions about them have one answer. */
  draw(count: number, heldOut: HeldOut, draw: Random): DrawnScenes {
    const story = new StoryInProgress(count, taken(this.#decks.mainShapes.take()))
    const mainPlaces = new Set(
      draw.shuffled(Array.from({ length: count }, (_, index) => index)).slice(0, story.mainScenes),
    )
    const held = new Set(
      heldOut === 'none'
        ? []
        : draw.shuffled(Array.from({ length: count }, (_, index) => index)).slice(0, Math.ceil(count / 2)),
    )
    const seconds = this.#seconds(count, draw)
    const scenes = seconds.map((length, place) =>
      this.#scene(story, { isMain: mainPlaces.has(place), isHeld: held.has(place), seconds: length }),
    )
    return { mainShape: story.mainShape, scenes, hasHeldOut: heldOut !== 'none' }
  }

  #scene(
    story: StoryInProgress,
    { isMain, isHeld, seconds }: { readonly isMain: boolean; readonly isHeld: boolean; readonly seconds: number },
  ): Scene {
    const decks = this.#decks
    const shape = isMain ? story.mainShape : taken(decks.shapes.take(one => story.mayShow(one)))
    story.show(shape)
    const card = taken(decks.actions.take(one => story.mayHappen(one, shape)))
    const color = taken(
      decks.colors.take(one => isHeldOut(one, shape, card.name) === isHeld && !(story.known(one, shape) && !isHeld)),
    )
    story.remember(card, color, shape)
    const other = card.figures === 2 ? this.#other(story, card, color) : null
    const fits = (one: Background) =>
      (one.pattern === 'landscape' || !card.landscape) &&
      standsOut(color, one) &&
      (other === null || standsOut(other.color, one))
    const background = taken(
      decks.backgrounds.take(one => fits(one) && !story.hasBeen(one)) ?? decks.backgrounds.take(fits),
    )
    story.go(background)
    const number = card.together ? taken(decks.counts.take()) : 1
    const figure: Figure = number === 1 ? { color, shape } : { color, shape, count: number }
    const action = card.make(figure, other ?? figure)
    if (action.kind !== 'move') return { seconds, background, action }
    const pace = decks.paces.take() ?? undefined
    return { seconds, background, action: { ...action, lane: taken(decks.lanes.take()), ...(pace ? { pace } : {}) } }
  }

  #other(story: StoryInProgress, card: ActionCard, color: FigureColor): Figure & { readonly color: FigureColor } {
    const { otherShapes, otherColors } = this.#decks
    const shape = taken(otherShapes.take(one => story.mayShowBeside(one, card)))
    story.show(shape)
    const otherColor = taken(
      otherColors.take(
        one =>
          one !== color &&
          !isHeldOut(one, shape, card.name) &&
          backgroundCards.some(ground => standsOut(one, ground) && standsOut(color, ground)),
      ),
    )
    return { shape, color: otherColor }
  }

  /**
   * Lengths of scenes: shorter stories are the more frequent, and the scenes of one are nearly equal. A whole number of
   * frames.
   */
  #seconds(count: number, draw: Random): number[] {
    const {
      seconds: [least, most],
      framesPerSecond,
    } = this.#options
    const usual = least + (most - least) * draw.next() ** 4
    return Array.from({ length: count }, () => {
      const length = Math.min(most, Math.max(least, usual * draw.between(0.8, 1.2)))
      return Math.max(1, Math.round(length * framesPerSecond)) / framesPerSecond
    })
  }
}

/** What a story has shown so far. */
class StoryInProgress {
  readonly mainShape: StoryShape
  /** Scenes that show the main shape: more than show any other. */
  readonly mainScenes: number
  readonly #shown = new Map<string, number>()
  readonly #actions = new Set<ActionCard>()
  readonly #figures = new Set<string>()
  readonly #backgrounds = new Set<Background>()

  constructor(scenes: number, mainShape: StoryShape) {
    this.mainShape = mainShape
    this.mainScenes = Math.min(scenes, Math.max(2, Math.round(scenes * 0.45)))
  }

  mayShow(shape: StoryShape): boolean {
    return shape !== this.mainShape && (this.#shown.get(shape) ?? 0) < this.mainScenes - 1
  }

  show(shape: StoryShape): void {
    this.#shown.set(shape, (this.#shown.get(shape) ?? 0) + 1)
  }

  mayShowBeside(other: StoryShape, card: ActionCard): boolean {
    return this.mayShow(other) && !card.otherWithout?.includes(other)
  }

  /** Once the shape of the scene is shown. */
  mayHappen(card: ActionCard, shape: StoryShape): boolean {
    return (
      !this.#actions.has(card) &&
      !card.without?.includes(shape) &&
      (card.figures === 1 || storyShapes.some(other => this.mayShowBeside(other, card)))
    )
  }

  /** Whether a figure of this colour and shape has done something. */
  known(color: FigureColor, shape: StoryShape): boolean {
    return this.#figures.has(`${color} ${shape}`)
  }

  remember(card: ActionCard, color: FigureColor, shape: StoryShape): void {
    this.#actions.add(card)
    this.#figures.add(`${color} ${shape}`)
  }

  hasBeen(background: Background): boolean {
    return this.#backgrounds.has(background)
  }

  go(background: Background): void {
    this.#backgrounds.add(background)
  }
}

function taken<Card>(card: Card | null): Card {
  if (card === null) throw new Error('no card fits: the limits of stories allow too little')
  return card
}
