/**
 * A browser opens six connections to a server. Pictures that are still being made must not hold all of them: pages and
 * playback wait behind.
 */
let free = 3
const waiting = new Set<() => void>()
/**
 * A picture that takes longer, as of a film on a disk that sleeps, goes on without a turn, so that three of them do not
 * hold up all others.
 */
const longestTurnMs = 15_000

/**
 * Calls `begin` when a picture may load, few at a time. The returned function ends the turn, or the wait for it; once
 * is enough.
 */
export function takePictureTurn(begin: () => void): () => void {
  let held = true
  let limit: ReturnType<typeof setTimeout> | undefined
  const end = () => {
    if (!held) return
    held = false
    clearTimeout(limit)
    if (waiting.delete(start)) return
    const [next] = waiting
    if (next === undefined) {
      free += 1
    } else {
      waiting.delete(next)
      next()
    }
  }
  const start = () => {
    limit = setTimeout(end, longestTurnMs)
    begin()
  }
  if (free > 0) {
    free -= 1
    start()
  } else {
    waiting.add(start)
  }
  return end
}
