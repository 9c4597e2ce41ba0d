/** The modifiers of a stroke, in the order in which they are written. `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
const modifiers = ['Mod', 'Ctrl', 'Alt', 'Shift'] as const
const isMac = navigator.userAgent.includes('Mac')

/** The part of a KeyboardEvent that tells which key it was. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * What was pressed, as `K`, `?`, `Space`, `ArrowLeft`, `Mod+K`, `Shift+N`; null for a modifier alone. Letters are told
 * by their place on the keyboard where they are not Latin, so that keys work on every layout.
 */
export function strokeOf(event: PressedKey, onMac = isMac): string | null {
  if (['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'Dead', 'Process', 'Unidentified'].includes(event.key)) {
    return null
  }
  const key = nameOf(event)
  const [mod, ctrl] = onMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey]
  // ‘?’ says already that Shift is pressed.
  const shifted = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key))
  const pressed = { Mod: mod, Ctrl: ctrl, Alt: event.altKey, Shift: shifted }
  return [...modifiers.filter(modifier => pressed[modifier]), key].join('+')
}

function nameOf({ key, code, altKey }: PressedKey): string {
  if (key === ' ') return 'Space'
  const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(code)
  const isLatin = /^[\u0020-\u007e]$/.test(key)
  if (place && (!isLatin || altKey)) return place[1] ?? place[2] ?? key
  return key.length === 1 ? key.toUpperCase() : key
}

const names: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
}
const macNames: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
const otherNames: Readonly<Record<string, string>> = { Mod: 'Ctrl', Ctrl: 'Meta' }

/** The strokes of a binding, each as the keys to be shown: `G L` is `[['G'], ['L']]`, `Mod+K` is `[['Ctrl', 'K']]`. */
export function shownKeys(binding: string, onMac = isMac): string[][] {
  return binding.split(' ').map(stroke => {
    // The key itself may be a plus sign.
    const parts = stroke.endsWith('+') ? [...stroke.slice(0, -1).split('+').filter(Boolean), '+'] : stroke.split('+')
    return parts.map(part => (onMac ? macNames : otherNames)[part] ?? names[part] ?? part)
  })
}
