import type { ActionDescription } from '../../../stores/window/actions.ts'

/** What the player does by key on the page that shows it; each title is a word of the player. */
export const playerKeys = {
  toggle: ['Space', 'K'],
  faster: ['L'],
  slower: ['J'],
  nextFrame: ['.'],
  previousFrame: [','],
  forwards: ['ArrowRight'],
  backwards: ['ArrowLeft'],
  begin: ['Home'],
  end: ['End'],
  muteToggle: ['M'],
} as const
export type PlayerKey = keyof typeof playerKeys

/** @param t the words of the window. */
export function playerActions(t: (word: string) => string): (ActionDescription & { readonly name: PlayerKey })[] {
  return (Object.keys(playerKeys) as PlayerKey[]).map(name => ({
    name,
    id: `video.${name}`,
    title: t(`player.${name}`),
    group: 'video',
    keys: playerKeys[name],
  }))
}
