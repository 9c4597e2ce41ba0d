import { computed, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { Bounds } from './edit-sentences.ts'
import { isWhole, showing, wholeView, zoomed } from './timeline-view.ts'
import type { TimelineView } from './timeline-view.ts'

const zoomStep = 1.6

/** Which part of the video the timeline shows. While it plays, the playhead stays in it. */
export function useTimelineView(bounds: () => Bounds, { time, playing }: { time: Ref<number>; playing: Ref<boolean> }) {
  const view = shallowRef(wholeView(bounds().duration))
  const whole = computed(() => isWhole(view.value, bounds().duration))

  function zoomBy(factor: number, around = showsPlayhead() ? time.value : (view.value.from + view.value.to) / 2) {
    view.value = zoomed(view.value, factor, { around, duration: bounds().duration })
  }

  function showsPlayhead(): boolean {
    return time.value >= view.value.from && time.value <= view.value.to
  }

  function show(part: TimelineView) {
    view.value = part
  }

  function showMoment(seconds: number) {
    view.value = showing(view.value, seconds, bounds().duration)
  }

  function showWhole() {
    view.value = wholeView(bounds().duration)
  }

  watch(time, now => {
    if (playing.value) showMoment(now)
  })
  const zoomIn = () => zoomBy(zoomStep)
  const zoomOut = () => zoomBy(1 / zoomStep)
  return { view, whole, zoomBy, zoomIn, zoomOut, show, showMoment, showWhole }
}
