import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import type { Random } from '../../../../native-models/starter/seeded-random.ts'
import type { Landscape, Scene, Size } from '../painting/scene.ts'
import { isSeen } from './attributes.ts'
import { Deck } from './deck.ts'
import { SceneDrawer } from './draw-scenes.ts'
import type { StoryOptions, StorySplit } from './options.ts'
import { otherOrder } from './other-order.ts'
import type { CaptionFormat, Container, Story, ToldScene } from './story.ts'

const containers: readonly Container[] = ['mp4', 'mp4', 'mkv', 'webm', 'mov', 'avi']
const captionFormats: readonly CaptionFormat[] = ['txt', 'srt', 'json']
const sizes: readonly Size[] = [
  { width: 640, height: 360 },
  { width: 640, height: 360 },
  { width: 480, height: 360 },
  { width: 640, height: 480 },
  { width: 360, height: 640 },
  { width: 480, height: 480 },
]

function sizesOf(size: StoryOptions['size']): readonly Size[] {
  if (size === null) return sizes
  return size === 'small' ? sizes.map(({ width, height }) => ({ width: width / 4, height: height / 4 })) : [size]
}

/**
 * Draws so many stories. Each is the same whatever the number, and none of one split is one of another with the same
 * seed. By default two stories are followed by one with its twin.
 */
export function drawStories(options: StoryOptions, split: StorySplit, count: number): Story[] {
  const drawer = new StoryDrawer(options, split)
  const stories: Story[] = []
  while (stories.length < count) stories.push(...drawer.next())
  return stories.slice(0, count)
}

class StoryDrawer {
  readonly #options: StoryOptions
  readonly #split: StorySplit
  readonly #scenes: SceneDrawer
  readonly #lengths: Deck<number>
  readonly #files: { containers: Deck<Container>; captions: Deck<CaptionFormat>; sizes: Deck<Size> }
  #drawn = 0

  constructor(options: StoryOptions, split: StorySplit) {
    const {
      seed,
      scenes: [least, most],
    } = options
    const deck = <Card>(name: string, cards: readonly Card[]) =>
      new Deck(cards, seededRandom(seed, 'stories', split, 'deck', name))
    this.#options = options
    this.#split = split
    this.#scenes = new SceneDrawer(options, split)
    this.#lengths = deck(
      'lengths',
      Array.from({ length: most - least + 1 }, (_, index) => least + index),
    )
    this.#files = {
      containers: deck('containers', options.size === null ? containers : ['mp4']),
      captions: deck('captions', captionFormats),
      sizes: deck('sizes', sizesOf(options.size)),
    }
  }

  /** The next story, or it and its twin. */
  next(): Story[] {
    const number = ++this.#drawn
    const draw = seededRandom(this.#options.seed, 'stories', this.#split, number)
    const count = this.#lengths.take() ?? 1
    // Tests show them in every second story, so that those without can be told apart.
    const heldOut = this.#split === 'test' && number % 2 === 0 ? 'half of the scenes' : 'none'
    const { twins } = this.#options
    const drawn = () => this.#scenes.draw(count, heldOut, draw)
    let { scenes, mainShape, hasHeldOut } = drawn()
    while (twins === 'places' && !scenes.some(isSeenAnywhere)) ({ scenes, mainShape, hasHeldOut } = drawn())
    const hasTwin = twins === 'places' || (count > 1 && (twins === 'all' || (twins === 'half' && number % 3 === 0)))
    const told = tell(scenes, draw)
    const id = `story-${String(number).padStart(5, '0')}`
    const [first, second] = hasTwin ? [`${id}a`, `${id}b`] : [id, null]
    const order = orderWords(count, draw)
    const size = this.#files.sizes.take() ?? { width: 640, height: 360 }
    const story = (name: string, twin: string | null, placed: readonly ToldScene[]): Story => ({
      id: name,
      twin,
      container: this.#files.containers.take() ?? 'mp4',
      captions: this.#files.captions.take() ?? 'txt',
      size,
      scenes: placed.map((scene, place) => withOrder(scene, order[place])),
      mainShape,
      hasHeldOut,
    })
    if (second === null) return [story(first, second, told)]
    const [one, other] =
      twins === 'places' ? unseenPlaces.map(place => movedTo(place, told)) : [told, otherOrder(told, draw)]
    return [story(first, second, one ?? told), story(second, first, other ?? told)]
  }
}

/** Where no story is otherwise: nothing that has seen stories knows what they are. */
const unseenPlaces = ['snow', 'deep water'] as const satisfies readonly Landscape[]

const inPlace = (landscape: Landscape) => ({ pattern: 'landscape', landscape }) as const

function isSeenAnywhere(scene: Scene): boolean {
  return unseenPlaces.every(place => isSeen(scene, inPlace(place)))
}

/** Every second of the scenes that both places let be seen, the first of them too. */
function movedTo(place: Landscape, scenes: readonly ToldScene[]): ToldScene[] {
  let before = 0
  return scenes.map(scene =>
    isSeenAnywhere(scene) && before++ % 2 === 0 ? { ...scene, background: inPlace(place) } : scene,
  )
}

function tell(scenes: readonly Scene[], draw: Random): ToldScene[] {
  return scenes.map(scene => ({
    ...scene,
    wording: {
      action: draw.below(2),
      place: draw.below(2),
      placeFirst: draw.next() < 0.25,
      fromOther: draw.next() < 0.5,
    },
  }))
}

const openings = ['first', 'at first'] as const
const links = ['then', 'next', 'after that', 'later'] as const
const endings = ['finally', 'at last', 'in the end'] as const

/** Words for the places of a story; in every second story there are none. */
function orderWords(count: number, draw: Random): (string | undefined)[] {
  const hasSome = draw.next() < 0.5
  return Array.from({ length: count }, (_, place) => {
    const words = place === 0 ? openings : place === count - 1 ? endings : links
    const word = words[draw.below(words.length)]
    return draw.next() < 0.7 && hasSome ? word : undefined
  })
}

function withOrder(scene: ToldScene, order: string | undefined): ToldScene {
  return order === undefined ? scene : { ...scene, wording: { ...scene.wording, placeFirst: false, order } }
}
