import { MalformedCheckpoint } from './malformed-checkpoint.ts'

/** A header is an object of objects of arrays. */
const deepest = 8

/**
 * The keys of the outermost object of a JSON text, sorted, with those that occur more than once: JSON.parse keeps the last
 * without a word. Looks at brackets and strings only, so a text that passes may still be no JSON.
 * @throws MalformedCheckpoint when it is nested deeper than any header, which would cost memory without bound.
 */
export function topLevelKeys(text: string): string[] {
  const keys: string[] = []
  let depth = 0
  for (const [token, string, colon] of text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && colon !== undefined) keys.push(string ?? '')
    if (depth > deepest) throw new MalformedCheckpoint('its header is nested deeper than that of any checkpoint')
  }
  return keys.sort()
}
