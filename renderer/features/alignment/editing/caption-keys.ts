import type { ActionDescription } from '../../../stores/window/actions.ts'

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
