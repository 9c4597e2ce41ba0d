import type { Action, Background, Direction, Figure, Landscape } from '../painting/scene.ts'

/** ‘a red circle’, ‘three red circles’. */
export function figurePhrase({ shape, color, count }: Figure): string {
  return count === undefined
    ? withArticle(`${color} ${shape}`)
    : `${numberWords[count] ?? count} ${color} ${plural(shape)}`
}

/** ‘the red circle’, ‘the three red circles’. */
export function knownFigure({ shape, color, count }: Figure): string {
  return count === undefined ? `the ${color} ${shape}` : `the ${numberWords[count] ?? count} ${color} ${plural(shape)}`
}

export const numberWords: Readonly<Record<number, string>> = { 2: 'two', 3: 'three', 4: 'four', 5: 'five' }

export function plural(noun: string): string {
  return noun.endsWith('s') ? `${noun}es` : `${noun}s`
}

function withArticle(phrase: string): string {
  return `${/^[aeiou]/.test(phrase) ? 'an' : 'a'} ${phrase}`
}

/**
 * What the figure does, several ways of saying it: `{one|many}` agrees with the figure, `OTHER` is the other figure.
 * `where` comes before a background that is no landscape.
 */
interface Doing {
  readonly says: readonly string[]
  readonly where: readonly string[]
}

const front = ['in front of', 'on']
const courses = {
  right: { says: ['{moves|move} from left to right', '{glides|glide} to the right'], where: ['across'] },
  left: { says: ['{moves|move} from right to left', '{glides|glide} to the left'], where: ['across'] },
  up: { says: ['{moves|move} from the bottom to the top', '{rises|rise}'], where: ['over'] },
  down: { says: ['{moves|move} from the top to the bottom', '{sinks|sink}'], where: ['over'] },
} as const
const zigzag = (side: string) => ({
  says: [`{zigzags|zigzag} to the ${side}`, `{moves|move} in a zigzag to the ${side}`],
  where: ['across'],
})
const chase = (side: string) => ({
  says: [`chases OTHER to the ${side}`, `runs after OTHER to the ${side}`],
  where: ['across'],
})

/** How an action is told, by {@link actionName}. */
export const doings = {
  ...courses,
  grow: { says: ['{grows|grow} larger', '{gets|get} bigger and bigger'], where: front },
  shrink: { says: ['{shrinks|shrink}', '{gets|get} smaller and smaller'], where: front },
  rotate: { says: ['{rotates|rotate}', '{turns|turn} around'], where: ['in the middle of', 'on'] },
  bounce: { says: ['{bounces|bounce} up and down', '{jumps|jump} up and {falls|fall} down again'], where: front },
  'zigzag right': zigzag('right'),
  'zigzag left': zigzag('left'),
  swing: { says: ['swings from side to side on a thread', 'hangs on a thread and swings'], where: front },
  circle: { says: ['goes around in a circle', 'moves in a circle'], where: ['on'] },
  'spiral in': { says: ['moves in a spiral to the middle', 'spirals inwards'], where: ['on'] },
  'spiral out': { says: ['moves in a spiral from the middle', 'spirals outwards'], where: ['on'] },
  blink: {
    says: ['{blinks|blink} on and off', '{appears|appear} and {disappears|disappear} again and again'],
    where: front,
  },
  appear: { says: ['{fades|fade} in', 'slowly {appears|appear}'], where: front },
  vanish: { says: ['{fades|fade} away', 'slowly {disappears|disappear}'], where: front },
  meet: { says: ['and OTHER move towards each other and meet', 'comes together with OTHER'], where: ['on'] },
  part: { says: ['and OTHER move apart', 'leaves OTHER'], where: ['on'] },
  orbit: { says: ['circles around OTHER', 'travels around OTHER'], where: ['on'] },
  'chase right': chase('right'),
  'chase left': chase('left'),
  jump: { says: ['jumps over OTHER', 'leaps over OTHER'], where: ['on', 'in front of'] },
  'pass behind': { says: ['passes behind OTHER', 'moves along behind OTHER'], where: ['on'] },
  'pass before': { says: ['passes in front of OTHER', 'moves along in front of OTHER'], where: ['on'] },
  swap: { says: ['and OTHER change places', 'changes places with OTHER'], where: ['on'] },
  'rest left': { says: ['floats to the left of OTHER', 'is on the left of OTHER'], where: ['on'] },
  'rest above': { says: ['floats above OTHER', 'is above OTHER'], where: ['on'] },
  'rest inside': { says: ['is inside OTHER', 'lies inside OTHER'], where: ['on'] },
  'rest behind': { says: ['floats behind OTHER', 'is partly hidden behind OTHER'], where: ['on'] },
  'pan right': { says: ['stands still while the view pans to the right'], where: front },
  'pan left': { says: ['stands still while the view pans to the left'], where: front },
  'zoom in': { says: ['comes nearer as the view zooms in'], where: front },
  'zoom out': { says: ['moves away as the view zooms out'], where: front },
} as const satisfies Record<string, Doing>
export type ActionName = keyof typeof doings

/** How a move is told that is slow, and so covers a part of the way only, or quick. */
export const paces: Readonly<Record<Direction, Readonly<Record<'slowly' | 'quickly', readonly string[]>>>> = {
  right: {
    slowly: ['{moves|move} slowly to the right', '{glides|glide} slowly to the right'],
    quickly: ['{moves|move} quickly from left to right', '{glides|glide} quickly to the right'],
  },
  left: {
    slowly: ['{moves|move} slowly to the left', '{glides|glide} slowly to the left'],
    quickly: ['{moves|move} quickly from right to left', '{glides|glide} quickly to the left'],
  },
  up: {
    slowly: ['{moves|move} slowly upwards', '{rises|rise} slowly'],
    quickly: ['{moves|move} quickly from the bottom to the top', '{rises|rise} quickly'],
  },
  down: {
    slowly: ['{moves|move} slowly downwards', '{sinks|sink} slowly'],
    quickly: ['{moves|move} quickly from the top to the bottom', '{sinks|sink} quickly'],
  },
}

/** The same seen from the other figure. */
export const fromTheOther: Partial<Record<ActionName, readonly string[]>> = {
  'rest left': ['floats to the right of OTHER', 'is on the right of OTHER'],
  'rest above': ['floats below OTHER', 'is below OTHER'],
  'rest inside': ['surrounds OTHER'],
}

/**
 * What an action is, with its direction where it has one: two actions of one name differ in nothing but their figures
 * and pace.
 */
export function actionName(action: Action): ActionName {
  switch (action.kind) {
    case 'move':
      return action.direction
    case 'zigzag':
    case 'chase':
    case 'pan':
      return `${action.kind} ${action.direction}`
    case 'spiral':
    case 'zoom':
      return `${action.kind} ${action.way}`
    case 'pass':
      return `pass ${action.side}`
    case 'rest':
      return `rest ${action.relation}`
    default:
      return action.kind
  }
}

const places: Readonly<Record<Landscape, readonly string[]>> = {
  sea: ['over the sea', 'at the sea'],
  hills: ['over the green hills', 'in front of the green hills'],
  desert: ['in the desert', 'over the desert'],
  city: ['above the city', 'over the city'],
  night: ['at night', 'in the night sky'],
  sunset: ['at sunset', 'in front of the sunset'],
  forest: ['in the forest', 'in front of the forest'],
  mountains: ['in front of the mountains', 'over the mountains'],
  snow: ['in the snow', 'over the snow'],
  'deep water': ['under water', 'in deep water'],
}

/**
 * Where a scene is, e.g. ‘on a light blue background’, ‘at night’. @param where how a background without a name of its
 * own is led in.
 */
export function placePhrase(background: Background, where: string, wording: number): string {
  if (background.pattern !== 'landscape') return `${where} ${backgroundPhrase(background)}`
  return pick(places[background.landscape], wording)
}

const views: Readonly<Record<Landscape, string>> = {
  sea: 'the sea',
  hills: 'the green hills',
  desert: 'the desert',
  city: 'the city',
  night: 'the night sky',
  sunset: 'the sunset',
  forest: 'the forest',
  mountains: 'the mountains',
  snow: 'the snow',
  'deep water': 'deep water',
}

/** What is behind the figures: ‘the sea’, ‘a light blue background’. */
export function backgroundPhrase(background: Background): string {
  switch (background.pattern) {
    case 'landscape':
      return views[background.landscape]
    case 'plain':
      return withArticle(`${background.color} background`)
    case 'fade':
      return `a background that fades from ${background.color} to ${background.second}`
    case 'stripes':
      return withArticle(`${background.color} and ${background.second} striped background`)
    case 'checks':
      return withArticle(`${background.color} and ${background.second} checkered background`)
    case 'dots':
      return `${withArticle(`${background.color} background`)} with ${background.second} dots`
  }
}

/** The wording of a number, around the list. */
export function pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[], wording: number): Item {
  const item = items[wording % items.length]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}
