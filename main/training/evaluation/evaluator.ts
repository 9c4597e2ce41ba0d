import type { Example } from '../data/examples/example.ts'
import type { Output } from './outputs.ts'

/** A model that is asked of examples, one at a time. */
export interface ExampleEvaluator {
  /** What a reader of the figures must know of how they came about. */
  readonly warnings: readonly string[]
  /** @throws ExpectedError when the video cannot be read or the model fails. */
  of(example: Example, signal: AbortSignal): Promise<Output>
  /** Begins to read the frames of an example that will be asked about next. */
  prepare(example: Example, signal: AbortSignal): void
  close(): Promise<void>
}
