import { onScopeDispose, reactive, watch } from 'vue'
import type { Ref } from 'vue'

/** The content size of an element in CSS pixels, kept up to date. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>) {
  const size = reactive({ width: 0, height: 0 })
  const observer = new ResizeObserver(entries => {
    const box = entries.at(-1)?.contentRect
    if (!box) return
    size.width = box.width
    size.height = box.height
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
  return size
}
