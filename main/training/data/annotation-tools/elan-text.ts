import type { TextRange } from '../../../reading-process/files/elan-file.ts'
import type { TextEdit } from './changes.ts'

/** A text as the content of an element or, in double quotes, of an attribute; what XML cannot hold is a space. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The edits that give the opening tag at a place other attributes; one that is not there is put before its end. */
export function attribute(text: string, tag: TextRange, values: Readonly<Record<string, string>>): TextEdit[] {
  const wanted = new Map(Object.entries(values))
  const edits: TextEdit[] = []
  const whole = text.slice(...tag)
  for (const match of whole.matchAll(/([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    const [found, name = '', quoted = ''] = match
    const value = wanted.get(name)
    if (value === undefined) continue
    const end = tag[0] + match.index + found.length
    edits.push({ at: [end - quoted.length, end], text: `"${escaped(value)}"` })
    wanted.delete(name)
  }
  const before = tag[0] + whole.search(/\s*\/?>$/)
  for (const [name, value] of wanted) edits.push({ at: [before, before], text: ` ${name}="${escaped(value)}"` })
  return edits
}
