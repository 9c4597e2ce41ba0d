import type { Size } from '../painting/scene.ts'

export const storySplits = ['train', 'val', 'test'] as const
export type StorySplit = (typeof storySplits)[number]

/**
 * How many of the stories have a twin, whose scenes are the same in another order. With `places` every story has
 * another twin: where one is in the snow the other is under water, and nothing else differs. No other story is there.
 */
export const twinShares = ['half', 'all', 'none', 'places'] as const
export type TwinShare = (typeof twinShares)[number]

/** What a set of stories is drawn from: the same options and split give the same stories, however many are made. */
export interface StoryOptions {
  readonly seed: number
  readonly twins: TwinShare
  /** Scenes of a story, the least and the most. */
  readonly scenes: readonly [number, number]
  /** Seconds of a scene, the least and the most. */
  readonly seconds: readonly [number, number]
  readonly framesPerSecond: number
  /**
   * Of every video; null for sizes and containers as they are met in folders of videos, `small` for those sizes, a
   * quarter as wide and high.
   */
  readonly size: Size | 'small' | null
}

/** Stories of 4 to 12 scenes, 15 s to 3 min long. */
export const usualStories: StoryOptions = {
  seed: 0,
  twins: 'half',
  scenes: [4, 12],
  seconds: [4, 15],
  framesPerSecond: 20,
  size: null,
}
