import { ref, shallowRef } from 'vue'
import type { Bounds, TimeSpan } from './edit-sentences.ts'
import { toMillisecond } from './edit-sentences.ts'
import { movedOnto, nearestTarget, resizedOnto } from './snapping.ts'

/** What is dragged: a span or one of its edges, or a new span from where the pointer went down. */
export type Grip = 'move' | 'start' | 'end' | 'new'

export interface DragParts {
  readonly bounds: () => Bounds
  /** Seconds at a place on the screen. */
  readonly timeAt: (clientX: number) => number
  /** Seconds for a way of that many pixels. */
  readonly seconds: (pixels: number) => number
  /** What edges stick to, those of the dragged sentence left out. */
  readonly targets: (index: number | null) => readonly number[]
  readonly onClick: (index: number | null, time: number) => void
  readonly onDrop: (index: number | null, span: TimeSpan, grip: Grip) => void
}

const clickPixels = 3
const snapPixels = 8

/** Spans under the pointer. Nothing is changed until it is let go; Escape leaves everything as it was. */
export function useSpanDrag({ bounds, timeAt, seconds, targets, onClick, onDrop }: DragParts) {
  const dragged = shallowRef<{ index: number | null; span: TimeSpan } | null>(null)
  const snappedAt = ref<number | null>(null)
  let begun: {
    grip: Grip
    index: number | null
    span: TimeSpan
    x: number
    lane: HTMLElement
    pointer: number
  } | null = null

  function down(
    event: PointerEvent,
    { grip, index, span }: { grip: Grip; index: number | null; span: TimeSpan | null },
  ) {
    if (event.button !== 0) return
    // The focus stays off the span: the space bar plays, and a field that was written into is done with.
    event.preventDefault()
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    const lane = event.currentTarget as HTMLElement
    lane.setPointerCapture(event.pointerId)
    const at = timeAt(event.clientX)
    begun = { grip, index, span: span ?? { start: at, end: at }, x: event.clientX, lane, pointer: event.pointerId }
    window.addEventListener('keydown', onKey, true)
  }

  function move(event: PointerEvent) {
    if (!begun || (!dragged.value && Math.abs(event.clientX - begun.x) < clickPixels)) return
    const snapping = {
      targets: targets(begun.index),
      reach: event.altKey ? 0 : seconds(snapPixels),
      bounds: bounds(),
    }
    const { span, at } = draw(event.clientX, snapping)
    dragged.value = { index: begun.index, span }
    snappedAt.value = at
  }

  function draw(x: number, snapping: { targets: readonly number[]; reach: number; bounds: Bounds }) {
    const { grip, span, x: from } = begun!
    if (grip === 'move') return movedOnto(span, seconds(x - from), snapping)
    if (grip !== 'new') return resizedOnto(span, grip, { to: span[grip] + seconds(x - from), ...snapping })
    const anchor = nearestTarget(span.start, snapping) ?? span.start
    const to = Math.max(0, Math.min(snapping.bounds.duration, timeAt(x)))
    const at = nearestTarget(to, snapping)
    const [a, b] = [anchor, at ?? to].map(toMillisecond) as [number, number]
    return { span: { start: Math.min(a, b), end: Math.max(a, b) }, at }
  }

  function up(event: PointerEvent) {
    const drag = begun
    const result = dragged.value
    end()
    if (!drag) return
    if (!result) onClick(drag.index, timeAt(event.clientX))
    else if (result.span.end - result.span.start >= bounds().shortest) onDrop(drag.index, result.span, drag.grip)
  }

  function end() {
    if (begun?.lane.hasPointerCapture(begun.pointer)) begun.lane.releasePointerCapture(begun.pointer)
    begun = null
    dragged.value = null
    snappedAt.value = null
    window.removeEventListener('keydown', onKey, true)
  }

  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    end()
  }

  return { dragged, snappedAt, down, move, up, end }
}
