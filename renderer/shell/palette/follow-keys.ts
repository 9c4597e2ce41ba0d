import { onScopeDispose } from 'vue'
import { strokeOf } from '../../locale/key-stroke.ts'
import { useActions } from '../../stores/window/actions.ts'
import type { Action } from '../../stores/window/actions.ts'

/** So long the second stroke of `G L` is waited for. */
const sequenceMs = 1200

/** Runs what a pressed key stands for, wherever it is pressed. */
export function followKeys(): void {
  const actions = useActions()
  let before: { stroke: string; at: number } | null = null

  function onKey(event: KeyboardEvent) {
    // What a control has used for itself is not a command.
    if (event.defaultPrevented || event.isComposing) return
    const stroke = strokeOf(event)
    if (stroke === null) return
    const isTyping = isTypedInto(event.target)
    const sequence = before && event.timeStamp - before.at < sequenceMs ? `${before.stroke} ${stroke}` : null
    const action = (sequence && actions.byKey.get(sequence)) || actions.byKey.get(stroke)
    before = isTyping ? null : { stroke, at: event.timeStamp }
    if (!action || !isMeantFor(action, { event, isTyping })) return
    event.preventDefault()
    before = null
    action.run()
  }

  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}

function isMeantFor(
  action: Action,
  { event, isTyping }: { readonly event: KeyboardEvent; readonly isTyping: boolean },
): boolean {
  if (action.whileTyping) return true
  if (isTyping) return false
  // Whoever is asked something answers first.
  if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return false
  return !(['Enter', ' '].includes(event.key) && isPressedItself(event.target))
}

/** Whether letters would go into a field. */
function isTypedInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) {
    return true
  }
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file'].includes(target.type)
  )
}

/** A button, a link or a tick that has the focus takes these keys for itself. */
function isPressedItself(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('a[href], button, summary, input, [role="button"], [role="menuitem"], [role="option"]') !== null
  )
}
