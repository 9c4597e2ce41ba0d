import type { CaptionDraft } from '../../../../main/api/index.ts'
import type { ActionDescription } from '../../../stores/window/actions.ts'
import type { History } from './draft-history.ts'

/** What is done to sentences on the timeline, and its keys; each title is a word of the timeline. */
export const captionKeys = {
  create: ['N'],
  markIn: ['I'],
  markOut: ['O'],
  split: ['B'],
  merge: ['Shift+M'],
  remove: ['Delete', 'Backspace'],
  text: ['Enter', 'F2'],
  propose: ['P'],
  learn: [],
  keyframes: [],
  addTier: ['T'],
  writeTiers: [],
  rowAbove: ['Shift+ArrowUp'],
  rowBelow: ['Shift+ArrowDown'],
  earlier: ['Alt+ArrowLeft'],
  later: ['Alt+ArrowRight'],
  startEarlier: ['A'],
  startLater: ['S'],
  endEarlier: ['D'],
  endLater: ['F'],
  previous: ['ArrowUp'],
  next: ['ArrowDown'],
  deselect: ['Escape'],
  undo: ['Mod+Z'],
  redo: ['Mod+Shift+Z', 'Mod+Y'],
  save: ['Mod+S'],
  revert: [],
  zoomIn: ['=', '+'],
  zoomOut: ['-'],
  zoomWhole: ['Z'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type CaptionAction = keyof typeof captionKeys

/** What has another name where a tier is worked on. */
export const namedForTiers = [
  'create',
  'merge',
  'remove',
  'text',
  'earlier',
  'later',
  'previous',
  'next',
  'deselect',
] as const satisfies readonly CaptionAction[]

/** @param t the words of the window. */
export function captionActions(t: (word: string) => string): (ActionDescription & { readonly name: CaptionAction })[] {
  return (Object.keys(captionKeys) as CaptionAction[]).map(name => ({
    name,
    id: `captions.${name}`,
    title: t(`timeline.action.${name}`),
    group: 'captions',
    keys: captionKeys[name],
    whileTyping: name === 'save',
  }))
}

/** What is so on the timeline, as far as it says what can be done. */
export interface TimelineState {
  /** The row that is worked on. */
  readonly row: History | null
  /** The captions, where they are shown. */
  readonly captions: CaptionDraft | null
  readonly isSaving: boolean
  readonly isTier: boolean
  /** Whether the row can be edited. */
  readonly edits: boolean
  readonly selected: number | null
  /** Whether the selected span has times. */
  readonly isTimed: boolean
  readonly isMarked: boolean
  /** Whether a span goes on at the playhead. */
  readonly divides: boolean
  readonly proposes: boolean
  readonly hasVideo: boolean
  readonly rows: number
  readonly rowsBelow: number
  /** Whether a tier that was removed comes back first. */
  readonly restores: boolean
  readonly isWhole: boolean
}

export function possibleActions(state: TimelineState): Record<CaptionAction, boolean> {
  const { row, captions, edits, selected, isTier, hasVideo, isWhole } = state
  const count = row?.sentences.length ?? 0
  const isChosen = edits && selected !== null && selected < count
  const isTimed = isChosen && state.isTimed
  return {
    create: edits,
    markIn: edits,
    markOut: edits,
    split: edits && state.divides,
    merge: isChosen && selected < count - 1,
    remove: isChosen,
    text: isChosen,
    propose: edits && !isTier && state.proposes,
    learn: edits && !isTier && count > 0,
    keyframes: edits,
    addTier: hasVideo,
    writeTiers: hasVideo && state.rows > 0,
    rowAbove: hasVideo && isTier,
    rowBelow: hasVideo && state.rowsBelow > 0,
    earlier: isTimed,
    later: isTimed,
    startEarlier: isTimed,
    startLater: isTimed,
    endEarlier: isTimed,
    endLater: isTimed,
    previous: edits && count > 0,
    next: edits && count > 0,
    deselect: edits && (selected !== null || state.isMarked),
    undo: state.restores || (edits && (row?.done.length ?? 0) > 0),
    redo: edits && (row?.undone.length ?? 0) > 0,
    save: captions?.edited === true && !state.isSaving,
    revert: captions?.edited === true || captions?.fileChanged === true,
    zoomIn: hasVideo,
    zoomOut: !isWhole,
    zoomWhole: !isWhole,
  }
}
