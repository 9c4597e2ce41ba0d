import { homedir, hostname, userInfo } from 'node:os'

/** A word with a quotation, which names a title, a model or a file. */
const quoted = /“[^”\n]*”|‘[^’\n]*’/g
/** `file:` and other addresses. */
const addresses = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"“”‘’<>()]+/gi
/**
 * Shares and drives of Windows, and absolute paths. Names with spaces are part of it: as far as the last separator of
 * the clause, and from there to the ending of a file or the end of the word.
 */
const paths =
  /(?:(?:\\\\|\b[a-z]:[\\/])|(?<![\w.<])~?\/)(?:[^\n"“”‘’<>:;,()|]*[\\/])?(?:[^\n"“”‘’<>:;,()|\\/]*\.[a-z0-9]{1,5}\b|[^\s"“”‘’<>:;,()|\\/]*)/gi

/**
 * A text without what tells whose machine it is of: paths, addresses, quoted names, the user and the machine. What it
 * leaves of a path is the ending of its file, which tells the format.
 */
export function withoutPaths(text: string): string {
  const own = [homedir(), userName(), hostname()].filter(name => name.length > 2)
  const shortened = text
    .replace(quoted, '“…”')
    .replace(addresses, '<address>')
    .replace(paths, path => `<path>${/\.[a-z0-9]{1,5}$/i.exec(path)?.[0] ?? ''}`)
  return own.reduce((left, name) => left.replaceAll(name, '<name>'), shortened)
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user of a container may have no name.
    return ''
  }
}
