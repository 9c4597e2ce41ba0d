import type { Figure, Scene } from '../painting/scene.ts'
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
  { action: wording, fromOther }: Pick<Wording, 'action' | 'fromOther'>,
  told: typeof figurePhrase | typeof knownFigure = knownFigure,
): string {
  const name = actionName(action)
  const other = 'other' in action ? action.other : null
  const turned = fromOther && other ? fromTheOther[name] : undefined
  const [subject, object]: [Figure, Figure | null] = turned && other ? [other, action.figure] : [action.figure, other]
  const paced = action.kind === 'move' && action.pace ? paces[action.direction][action.pace] : undefined
  const says = pick<string>(turned ?? paced ?? doings[name].says, wording)
  const agreed = says.replace(/\{([^|}]*)\|([^}]*)\}/g, subject.count === undefined ? '$1' : '$2')
  return `${told(subject)} ${object ? agreed.replace('OTHER', told(object)) : agreed}`
}
