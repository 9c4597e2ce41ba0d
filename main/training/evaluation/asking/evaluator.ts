import { basename } from 'node:path'
import { frameVariants } from '../../../api/common/rules.ts'
import type { EvaluationSampling } from '../../../api/evaluation/certificate.ts'
import type { FrameVariant, ProbeVariant } from '../../../api/evaluation/evaluation.ts'
import type { Example, VideoSpan } from '../../data/examples/example.ts'
import type { Output, Probed } from '../results/outputs.ts'

/** A change of the time probe, with the seed that frames are shuffled from. */
export interface Change {
  readonly variant: ProbeVariant
  readonly seed: number
}

/** How numpy would write which of a video's `n` frames are taken for `N`. */
export const frameChoice = 'numpy.linspace(0, n - 1, N).astype(int)'

/** Whether a change is one of the video, not of what is said of it. */
export function isOfFrames(variant: ProbeVariant): variant is FrameVariant {
  return frameVariants.some(one => one === variant)
}

/** What the order of a video's shuffled frames depends on: its file's name and the part, wherever the folder lies. */
export function shuffleName({ path, start, end }: VideoSpan): string {
  return JSON.stringify([basename(path), start, end])
}

/** A model that is asked of examples, one at a time. */
export interface ExampleEvaluator {
  /** What a reader of the figures must know of how they came about. */
  readonly warnings: readonly string[]
  readonly sampling: EvaluationSampling
  /** @throws ExpectedError when the video cannot be read or the model fails. */
  of(example: Example, signal: AbortSignal): Promise<Output>
  /** The same with the example changed; null where the change leaves it as it is. */
  changed(example: Example, change: Change, signal: AbortSignal): Promise<Probed | null>
  /** The embedding of a video; not given by models that answer. @throws as {@link of}. */
  embedVideo?(video: VideoSpan, signal: AbortSignal): Promise<Float32Array>
  /** Begins to read the frames of an example that will be asked about next. */
  prepare(example: Example, signal: AbortSignal): void
  close(): Promise<void>
}
