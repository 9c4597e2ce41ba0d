import { onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'

/** A browser opens six connections to a server. Pictures that are still being made must not hold all of them: pages and playback wait behind. */
let free = 3
const waiting = new Set<() => void>()

/** Calls `begin` when a picture may load, few at a time. The returned function ends the turn, or the wait for it; once is enough. */
export function takePictureTurn(begin: () => void): () => void {
  let held = true
  if (free > 0) {
    free -= 1
    begin()
  } else waiting.add(begin)
  return () => {
    if (!held) return
    held = false
    if (waiting.delete(begin)) return
    const [next] = waiting
    if (next === undefined) free += 1
    else {
      waiting.delete(next)
      next()
    }
  }
}

/**
 * What a picture may load now: null until its place has come into view and its turn has come.
 * @returns with it `settled`, to be called when the picture has arrived or failed.
 */
export function usePictureTurn(place: Readonly<Ref<HTMLElement | null>>, wanted: () => string) {
  const address = ref<string | null>(null)
  let seen = false
  let settled = () => {}
  const ask = () => {
    settled()
    address.value = null
    settled = takePictureTurn(() => { address.value = wanted() })
  }
  const observer = new IntersectionObserver(entries => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    observer.disconnect()
    seen = true
    ask()
  }, { rootMargin: '200px' })
  watch(place, now => { if (now && !seen) observer.observe(now) }, { immediate: true, flush: 'post' })
  watch(wanted, () => { if (seen) ask() })
  onScopeDispose(() => {
    observer.disconnect()
    settled()
  })
  return { address, settled: () => settled() }
}
