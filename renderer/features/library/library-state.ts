/** Why a list of videos is empty: each has its own sentence and its own remedy. */
export type Emptiness = 'unopened' | 'scanning' | 'failed' | 'filtered' | 'none'

export interface ListState {
  /** Opened folders, and videos of the whole library. */
  folders: number
  videos: number
  /** Whether folders are being looked through. */
  scanning: boolean
  /** Why a folder of the list cannot be read, or the scan ended. */
  problem: string | null
  /** Whether a name, caption or state is asked for. */
  filtered: boolean
}

export function emptinessOf({ folders, videos, scanning, problem, filtered }: ListState): Emptiness {
  if (folders === 0 && videos === 0) return 'unopened'
  // What is not found yet is no answer to a filter either.
  if (scanning) return 'scanning'
  if (problem !== null) return 'failed'
  return filtered ? 'filtered' : 'none'
}
