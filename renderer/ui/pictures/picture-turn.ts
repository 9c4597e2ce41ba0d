import { onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'
import { takePictureTurn } from './picture-turns.ts'

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
    settled = takePictureTurn(() => {
      address.value = wanted()
    })
  }
  const observer = new IntersectionObserver(
    entries => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      seen = true
      ask()
    },
    { rootMargin: '200px' },
  )
  watch(
    place,
    now => {
      if (now && !seen) observer.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  watch(wanted, () => {
    if (seen) ask()
  })
  onScopeDispose(() => {
    observer.disconnect()
    settled()
  })
  return { address, settled: () => settled() }
}
