import type { ErrorCode } from '../../../native-models/error-codes.ts'
import type { FoundExecutables } from '../ffmpeg/executables.ts'
import type { FramesRequest, LoadedFrames } from '../frame-store/load-frames.ts'
import type { MediaInfo } from '../media-info.ts'
import type { PassSample, SampleOptions } from '../sampling/frames.ts'
import type { DenseSegment } from '../sampling/sampling.ts'

/** What is sampled: the arguments of `samplePasses`, and the programs that do it. */
export interface SamplingRequest {
  readonly path: string
  readonly info: MediaInfo
  readonly passes: { readonly overview: number; readonly segments: readonly DenseSegment[] }
  readonly options: Omit<SampleOptions, 'signal'>
  readonly executables: FoundExecutables
}

/**
 * What is answered once: what a file is, or the frames of an example. Several are worked on at a time, the others wait
 * in their order.
 */
export type Task =
  { readonly what: 'probe'; readonly path: string } | { readonly what: 'frames'; readonly order: FramesRequest }

/**
 * To the thread, about the sampling of that number: begin it, give its next sample, or end it. Each `next` is answered
 * once, and so is a task, which `end` breaks off.
 */
export type Request =
  | { readonly id: number; readonly ask: 'begin'; readonly order: SamplingRequest }
  | { readonly id: number; readonly ask: 'next' }
  | { readonly id: number; readonly ask: 'do'; readonly task: Task; readonly executables: FoundExecutables }
  | { readonly id: number; readonly ask: 'end' }

/**
 * What went wrong in the thread. `expected`: an ExpectedError; of the others a failed call of the system has `code` and
 * `syscall`.
 */
export type Failure =
  | { readonly expected: true; readonly message: string; readonly code: ErrorCode }
  | { readonly expected: false; readonly message: string; readonly code?: string; readonly syscall?: string }

/** From the thread. A sample is null after the last one. */
export type Answer =
  | { readonly id: number; readonly sample: PassSample | null }
  | { readonly id: number; readonly info: MediaInfo }
  | { readonly id: number; readonly frames: LoadedFrames }
  | { readonly id: number; readonly failure: Failure }
