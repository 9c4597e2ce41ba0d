import type { AttentionWords } from '../../../../main/api/index.ts'

type Map = readonly (readonly number[])[]

/** Frames as they are shown and asked: each by itself, or those of a clip together. Places of frames, from 0. */
export function frameGroups(frames: number, clips: number, by: 'frame' | 'clip'): number[][] {
  const size = by === 'clip' ? Math.max(1, frames / Math.max(1, clips)) : 1
  const groups: number[][] = []
  for (let frame = 0; frame < frames; frame++) {
    const group = Math.floor(frame / size)
    groups[group] = [...(groups[group] ?? []), frame]
  }
  return groups
}

/** What a word gives to each group of frames. @param map [words + frames]². */
export function fromWord(map: Map, { word, words, groups }: { word: number; words: number; groups: Map }): number[] {
  return groups.map(group => group.reduce((sum, frame) => sum + (map[word]?.[words + frame] ?? 0), 0))
}

/** What the frames of a group give to each word, on average over the frames. */
export function fromFrames(map: Map, { group, words }: { group: readonly number[]; words: number }): number[] {
  return Array.from(
    { length: words },
    (_, word) => group.reduce((sum, frame) => sum + (map[words + frame]?.[word] ?? 0), 0) / Math.max(1, group.length),
  )
}

/** The places of the words that are shown: all, or without the special ones. */
export function shownPlaces(words: AttentionWords['words'], shown: 'all' | 'words'): number[] {
  return words.flatMap(({ special }, place) => (shown === 'all' || !special ? [place] : []))
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
