import { english } from '../../../native-models/english.ts'
import type { Segment } from './segments.ts'

/** Sentences kept of a pass: a long damaged video would have one for every segment. */
const most = 3

/** What was wrong with the frames of one pass over a video, told in a few sentences. */
export class PassWarnings {
  readonly #sentences = new Set<string>()
  #segments = 0

  add({ warnings }: Pick<Segment, 'warnings'>): void {
    if (warnings.length > 0) this.#segments += 1
    for (const warning of warnings) this.#sentences.add(warning)
  }

  sentences(): string[] {
    const all = [...this.#sentences]
    if (all.length <= most) return all
    return [...all.slice(0, most), english`${this.#segments} segments of this pass are so affected.`]
  }
}
