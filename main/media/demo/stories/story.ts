import type { Scene, Size } from '../painting/scene.ts'
import type { Wording } from '../telling/sentence.ts'
import type { StoryShape } from './attributes.ts'

export type Container = 'mp4' | 'mov' | 'mkv' | 'webm' | 'avi'
export type CaptionFormat = 'txt' | 'srt' | 'json'

/** A scene and how it is told. */
export interface ToldScene extends Scene {
  readonly wording: Wording
}

/** A video to be made, as it is drawn from the seed. */
export interface Story {
  /** `story-00012`; with `a` or `b` behind, of twins. */
  readonly id: string
  /** The story with the same scenes in another order, or in another place. */
  readonly twin: string | null
  readonly container: Container
  readonly captions: CaptionFormat
  readonly size: Size
  readonly scenes: readonly ToldScene[]
  /** The shape that is seen in most scenes. */
  readonly mainShape: StoryShape
  /** Whether something happens in it that training never shows. */
  readonly hasHeldOut: boolean
}
