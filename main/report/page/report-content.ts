import type { Alignment, Provenance } from '../../api/inspection/inspect.ts'
import type { ReportInput } from '../../api/inspection/reports.ts'

/** The film of a report, of which its clips are parts. */
export interface Film {
  readonly format: 'mp4' | 'webm'
  readonly bytes: Buffer
}

/** A picture as a `data:` address, or null where there is none. */
type Picture = string | null

/** Everything that a report shows. Times in seconds. */
export interface ReportContent {
  readonly title: string
  readonly language: ReportInput['language']
  readonly videoName: string
  readonly alignment: Alignment
  /** One for each clip. */
  readonly clipPictures: readonly Picture[]
  readonly results: readonly {
    readonly rank: number
    readonly name: string
    readonly score: number
    readonly duration: number
    readonly picture: Picture
    readonly own: boolean
  }[]
  /** How the stages of the model look at the video; null for models without temporal windows. */
  readonly attention: {
    readonly frames: readonly { readonly time: number; readonly picture: Picture }[]
    readonly stages: readonly { readonly window: number; readonly mean: readonly (readonly number[])[] }[]
  } | null
  readonly provenance: Provenance
  readonly warnings: readonly string[]
  /** Milliseconds since the epoch. */
  readonly at: number
}
