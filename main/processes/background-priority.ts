import { constants, getPriority, setPriority } from 'node:os'

/**
 * Puts a process (0: this one), which will keep every core busy, behind those that answer the window. As their equals,
 * decoder and model stretched 20 ms of the main process's work to 130 ms on two cores; behind it, to 25–60 ms. What is
 * further behind stays there.
 */
export function runInBackground(pid: number): void {
  try {
    if (getPriority(pid) < constants.priority.PRIORITY_BELOW_NORMAL) {
      setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
    }
  } catch {
    // It has ended already, or the system does not allow it: answers then only come later.
  }
}
