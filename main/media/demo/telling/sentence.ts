import type { Action, Scene } from '../painting/scene.ts'
import { actionName, doings, figurePhrase, fromTheOther, knownFigure, paces, pick, placePhrase } from './words.ts'

/** How a scene is told: which of several ways of saying what happens and where, counted from 0. */
export interface Wording {
  readonly action: number
  readonly place: number
  /** The place comes before what happens. */
  readonly placeFirst?: boolean
  /** Told from the other figure, where there is one and a word for it. */
  readonly fromOther?: boolean
  /** ‘first’, ‘after that’ and the like; true only where the scene stands in its story. */
  readonly order?: string
}

/** One true sentence about a scene, e.g. ‘A red circle moves from left to right across a blue background.’ */
export function sentenceFor(scene: Scene, wording: Wording): string {
  const happens = happening(scene, wording, figurePhrase)
  const place = placePhrase(
    scene.background,
    pick(doings[actionName(scene.action)].where, wording.place),
    wording.place,
  )
  const text = wording.placeFirst ? `${place}, ${happens}` : `${happens} ${place}`
  const all = wording.order === undefined ? text : `${wording.order}, ${text}`
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`
}

/** What happens, without where: ‘the red circle rises slowly’. */
export function happening(
  { action }: Scene,
  wording: Pick<Wording, 'action' | 'fromOther'>,
  told: typeof figurePhrase = knownFigure,
): string {
  const other = 'other' in action ? action.other : null
  const turned = wording.fromOther && other ? fromTheOther[actionName(action)] : undefined
  if (turned && other) return `${told(other)} ${pick(turned, wording.action).replace('OTHER', told(action.figure))}`
  const says = pick(waysToSay(action), wording.action)
  return `${told(action.figure)} ${agreed(says, action.figure.count !== undefined, other && told(other))}`
}

/**
 * What the figure of an action does: ‘rises slowly’, ‘jumps over the blue star’. @param many agrees with several
 * figures.
 */
export function deed(action: Action, wording: number, many: boolean): string {
  // A few ways of saying it need both figures before the verb.
  const says = waysToSay(action).filter(way => !way.startsWith('and '))
  return agreed(pick(says, wording), many, 'other' in action ? knownFigure(action.other) : null)
}

function waysToSay(action: Action): readonly string[] {
  if (action.kind === 'move' && action.pace) return paces[action.direction][action.pace]
  return doings[actionName(action)].says
}

function agreed(says: string, many: boolean, other: string | null): string {
  const phrase = says.replace(/\{([^|}]*)\|([^}]*)\}/g, many ? '$2' : '$1')
  return other === null ? phrase : phrase.replace('OTHER', other)
}
