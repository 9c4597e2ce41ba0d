import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'

/** A header is an object of objects of arrays. */
const deepest = 8

/**
 * The entries of a JSON header. One that gives a key twice, of which JSON.parse would keep the last without a word, and
 * one that is nested without bound are refused before they are parsed.
 * @throws MalformedCheckpoint naming the key.
 */
export function parseJsonHeader(text: string): [string, unknown][] {
  const keys = topLevelKeys(text)
  let entries: [string, unknown][]
  try {
    entries = Object.entries(JSON.parse(text) as object)
  } catch (cause) {
    throw new MalformedCheckpoint('its header is not JSON', { cause })
  }
  // Spelled with escapes, one key may look like two.
  if (entries.length !== keys.size) throw new MalformedCheckpoint('its header describes a tensor twice')
  return entries
}

/** As they are spelled. Looks at brackets and strings only, so the text may still be no JSON. */
function topLevelKeys(text: string): Set<string> {
  const keys = new Set<string>()
  let depth = 0
  let string = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      string = text.slice(at + 1, end)
      at = end
    } else if (character === ':' && depth === 1) {
      if (keys.has(string)) throw new MalformedCheckpoint(`its header describes ${shown(string)} twice`)
      keys.add(string)
    } else if (character === '{' || character === '[') {
      if (++depth > deepest) throw new MalformedCheckpoint('its header is nested deeper than that of any checkpoint')
    } else if (character === '}' || character === ']') {
      depth--
    }
  }
  return keys
}

/** The place of the quote that closes the one at `start`, or the text's end. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
