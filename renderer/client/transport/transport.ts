import type { ClientLink } from '@orpc/client'

export type Link = ClientLink<Record<never, never>>

/** An open line to the workbench; `closed` settles when it breaks. */
export interface OpenLine {
  link: Link
  closed: Promise<void>
}

/** One way to reach the workbench. `open` rejects when it cannot be reached just now. */
export interface Transport {
  readonly mediaBase: string
  open(): Promise<OpenLine>
}
