import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { Figure } from '../painting/scene.ts'
import { roundShapes } from '../painting/shapes.ts'
import { deed, happening } from '../telling/sentence.ts'
import { actionName, backgroundPhrase, numberWords, plural } from '../telling/words.ts'
import { actionCards, figuresOf, isHeldOut, isSeen } from './attributes.ts'
import { Deck } from './deck.ts'
import type { StoryOptions, StorySplit } from './options.ts'
import type { Story, ToldScene } from './story.ts'

export type QuestionKind = 'order' | 'color' | 'shape' | 'background' | 'action' | 'count' | 'direction'

/**
 * A question about a story with four answers, of which one is right. Each wrong one is of something that the same story
 * shows elsewhere, or could.
 */
export interface Question {
  readonly kind: QuestionKind
  readonly text: string
  readonly answers: readonly string[]
  /** Which answer is right, from 0. */
  readonly right: number
  /** The scene that the right answer tells of. */
  readonly scene: number
}

type Asked = Omit<Question, 'answers' | 'right'> & {
  readonly right: string
  /** What may stand beside it; three of these are drawn. */
  readonly wrong: readonly string[]
}

const choices = 4

/**
 * Asks about stories of one split, the right answer equally often in each place. Nothing but the video tells the
 * answer: a wrong one is never one that no story could have. Twins are asked the same about their order, and answer
 * differently.
 */
export class Questioner {
  readonly #options: Pick<StoryOptions, 'seed'>
  readonly #split: StorySplit
  readonly #places: Deck<number>
  readonly #debts = new Map<string, number>()

  constructor(options: Pick<StoryOptions, 'seed'>, split: StorySplit) {
    this.#options = options
    this.#split = split
    const places = Array.from({ length: choices }, (_, place) => place)
    this.#places = new Deck(places, seededRandom(options.seed, 'stories', split, 'deck', 'answers'))
  }

  /** Up to two questions about the order and five about single scenes, as far as the story gives four answers. */
  ask(story: Story): Question[] {
    const draw = seededRandom(this.#options.seed, 'stories', this.#split, story.id.replace(/[ab]$/, ''), 'questions')
    // In an order that twins share.
    const scenes = story.scenes.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    const shuffled = draw.shuffled(scenes)
    const asked = [
      ...aboutOrder(story, shuffled, draw),
      firstOf(shuffled, scene => aboutColor(story, scene)),
      firstOf(shuffled.toReversed(), scene => aboutBackground(story, scene)),
      firstOf(draw.shuffled(shuffled), scene => aboutAction(story, scene)),
      firstOf(draw.shuffled(shuffled), scene => aboutShape(story, scene)),
      firstOf(draw.shuffled(shuffled), scene => aboutCount(story, scene) ?? aboutDirection(story, scene)),
    ]
    return asked.flatMap(question => (question === null ? [] : [this.#placed(question, draw)]))
  }

  #placed({ right, wrong, ...question }: Asked, draw: Random): Question {
    const place = this.#places.take() ?? 0
    const others = draw
      .shuffled([...new Set(wrong)].filter(answer => answer !== right))
      .sort((a, b) => this.#owed(question.kind, b) - this.#owed(question.kind, a))
      .slice(0, choices - 1)
    this.#owe(question.kind, right, choices - 1)
    for (const other of others) this.#owe(question.kind, other, -1)
    return { ...question, answers: [...others.slice(0, place), right, ...others.slice(place)], right: place }
  }

  /**
   * How often an answer is still to be shown as a wrong one, so that it is right in one of four cases: which answer it
   * is then tells nothing.
   */
  #owed(kind: QuestionKind, answer: string): number {
    return this.#debts.get(`${kind} ${answer}`) ?? 0
  }

  #owe(kind: QuestionKind, answer: string, more: number): void {
    this.#debts.set(`${kind} ${answer}`, this.#owed(kind, answer) + more)
  }
}

const keyOf = ({ action, background }: ToldScene) => JSON.stringify([action, background])

function firstOf(scenes: readonly ToldScene[], ask: (scene: ToldScene) => Asked | null): Asked | null {
  for (const scene of scenes) {
    const question = ask(scene)
    if (question !== null && new Set(question.wrong.filter(answer => answer !== question.right)).size >= choices - 1) {
      return question
    }
  }
  return null
}

const told = (scene: ToldScene) => happening(scene, { ...scene.wording, fromOther: false })

/** One question about a place in the story, and where it is long enough one about what comes next to something. */
function aboutOrder(story: Story, shuffled: readonly ToldScene[], draw: Random): (Asked | null)[] {
  const { scenes } = story
  if (scenes.length < choices) return []
  const places = [
    ['first', 0],
    ['second', 1],
    ['last', scenes.length - 1],
  ] as const
  const [word, place] = places[draw.below(places.length)] ?? ['first', 0]
  const right = scenes[place]
  const ordinal: Asked | null = right
    ? {
        kind: 'order',
        text: word === 'second' ? 'What is the second thing that happens?' : `What happens ${word}?`,
        right: told(right),
        wrong: amongTheSame(shuffled, right).map(told),
        scene: place,
      }
    : null
  return scenes.length > choices ? [ordinal, besides(story, shuffled, draw)] : [ordinal]
}

/** Twins are given the same four where the right one is among them. */
function amongTheSame(shuffled: readonly ToldScene[], right: ToldScene): ToldScene[] {
  return shuffled.filter(scene => keyOf(scene) !== keyOf(right)).slice(0, choices - 1)
}

function besides({ scenes }: Story, shuffled: readonly ToldScene[], draw: Random): Asked | null {
  const isAfter = draw.next() < 0.5
  const known = shuffled.find(one => {
    const at = scenes.findIndex(scene => keyOf(scene) === keyOf(one))
    return scenes[isAfter ? at + 1 : at - 1] !== undefined
  })
  if (!known) return null
  const at = scenes.findIndex(scene => keyOf(scene) === keyOf(known))
  const place = isAfter ? at + 1 : at - 1
  const right = scenes[place]
  if (!right) return null
  return {
    kind: 'order',
    text: `What happens right ${isAfter ? 'after' : 'before'} ${told(known)}?`,
    right: told(right),
    wrong: amongTheSame(
      shuffled.filter(scene => keyOf(scene) !== keyOf(known)),
      right,
    ).map(told),
    scene: place,
  }
}

function aboutColor(story: Story, scene: ToldScene): Asked | null {
  const { color, shape, count } = scene.action.figure
  const name = actionName(scene.action)
  const many = count !== undefined
  return {
    kind: 'color',
    text: `What color ${many ? 'are' : 'is'} the ${many ? plural(shape) : shape} that ${deed(scene.action, scene.wording.action, many)}?`,
    right: color,
    wrong: story.scenes
      .flatMap(figuresOf)
      .map(other => other.color)
      .filter(other => possible(story, isHeldOut(other, shape, name)) && other !== otherOf(scene)?.color),
    scene: story.scenes.indexOf(scene),
  }
}

function aboutShape(story: Story, scene: ToldScene): Asked | null {
  const { color, shape, count } = scene.action.figure
  if (count !== undefined) return null
  const name = actionName(scene.action)
  return {
    kind: 'shape',
    text: `What is the ${color} shape that ${deed(scene.action, scene.wording.action, false)}?`,
    right: `a ${shape}`,
    wrong: story.scenes
      .flatMap(figuresOf)
      .map(other => other.shape)
      .filter(other => possible(story, isHeldOut(color, other, name)) && other !== otherOf(scene)?.shape)
      .filter(other => !(name === 'rotate' && roundShapes.has(other)))
      .map(other => `a ${other}`),
    scene: story.scenes.indexOf(scene),
  }
}

/** The second figure, which text has named and which differs from the first. */
function otherOf({ action }: ToldScene): Figure | null {
  return 'other' in action ? action.other : null
}

function aboutBackground(story: Story, scene: ToldScene): Asked | null {
  // The camera moves over landscapes only.
  const needsLandscape = scene.action.kind === 'pan' || scene.action.kind === 'zoom'
  return {
    kind: 'background',
    text: `What is the background while ${told(scene)}?`,
    right: backgroundPhrase(scene.background),
    wrong: story.scenes
      .filter(other => isSeen(scene, other.background) && (!needsLandscape || other.background.pattern === 'landscape'))
      .map(({ background }) => backgroundPhrase(background)),
    scene: story.scenes.indexOf(scene),
  }
}

function aboutAction(story: Story, scene: ToldScene): Asked | null {
  const { color, shape, count } = scene.action.figure
  if (count !== undefined || !isAlone(story, scene)) return null
  const others = story.scenes.filter(({ action }) => {
    const card = actionCards.find(({ name }) => name === actionName(action))
    const withItself = 'other' in action && action.other.color === color && action.other.shape === shape
    return card && !card.without?.includes(shape) && !withItself && possible(story, isHeldOut(color, shape, card.name))
  })
  return {
    kind: 'action',
    text: `What does the ${color} ${shape} do?`,
    right: deed(scene.action, scene.wording.action, false),
    wrong: others.map(({ action, wording }) => deed(action, wording.action, false)),
    scene: story.scenes.indexOf(scene),
  }
}

/** Whether no other scene shows a figure of this colour and shape. */
function isAlone({ scenes }: Story, { action: { figure } }: ToldScene): boolean {
  return (
    scenes.flatMap(figuresOf).filter(({ color, shape }) => color === figure.color && shape === figure.shape).length ===
    1
  )
}

function aboutCount(story: Story, scene: ToldScene): Asked | null {
  const { color, shape, count } = scene.action.figure
  if (count === undefined) return null
  return {
    kind: 'count',
    text: `How many ${color} ${plural(shape)} ${deed(scene.action, scene.wording.action, true)}?`,
    right: numberWords[count] ?? String(count),
    wrong: Object.values(numberWords),
    scene: story.scenes.indexOf(scene),
  }
}

const ways = { right: 'to the right', left: 'to the left', up: 'upwards', down: 'downwards' } as const

function aboutDirection(story: Story, scene: ToldScene): Asked | null {
  const { action } = scene
  if (action.kind !== 'move' || !isAlone(story, scene)) return null
  return {
    kind: 'direction',
    text: `Which way does the ${action.figure.color} ${action.figure.shape} move?`,
    right: ways[action.direction],
    wrong: Object.values(ways),
    scene: story.scenes.indexOf(scene),
  }
}

/** Whether an answer could be right for all that a text tells: training never shows some combinations. */
function possible({ hasHeldOut }: Story, heldOut: boolean): boolean {
  return hasHeldOut || !heldOut
}
