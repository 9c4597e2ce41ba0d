/** Something in a checkpoint that is not among its tensors, and why. */
export interface SkippedEntry {
  readonly key: string
  readonly reason: string
}
