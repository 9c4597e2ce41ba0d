import { onScopeDispose } from 'vue'

/** Calls `draw` at most once per displayed frame, however often it is asked for. */
export function useAnimationFrame(draw: () => void): () => void {
  let request = 0
  onScopeDispose(() => cancelAnimationFrame(request))
  return () => {
    cancelAnimationFrame(request)
    request = requestAnimationFrame(draw)
  }
}
