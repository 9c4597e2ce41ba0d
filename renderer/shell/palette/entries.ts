/** One line of the palette. */
export interface Entry {
  readonly id: string
  readonly title: string
  /** What kind of thing it is, shown beside it. */
  readonly kind: string
  /** Further words by which it is found. */
  readonly words?: string
  /** The keys that do the same. */
  readonly keys?: readonly string[]
  readonly picture?: string
  run(): unknown
}

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[\s_./\\:,;–\-：，。、；“”（）…]+/)
    .filter(Boolean)

/** Chinese is written without spaces: a word may begin anywhere in what stands together. */
const begins = (written: string, word: string): boolean =>
  /\p{Script=Han}/u.test(word) ? written.includes(word) : written.startsWith(word)

/**
 * How well an entry answers what was typed, 0 for not at all: every typed word must begin one of its words; those whose
 * title begins with the whole are first, then those whose title has all of the words.
 */
function matchOf(typed: string, { title, kind, words = '' }: Pick<Entry, 'title' | 'kind' | 'words'>): number {
  const asked = wordsOf(typed)
  if (!asked.length) return 1
  const inTitle = wordsOf(title)
  const all = [...inTitle, ...wordsOf(kind), ...wordsOf(words)]
  if (!asked.every(word => all.some(one => begins(one, word)))) return 0
  if (title.toLowerCase().startsWith(typed.trim().toLowerCase())) return 3
  return asked.every(word => inTitle.some(one => begins(one, word))) ? 2 : 1
}

/** The entries that answer, the best first; those that answer equally well stay in their order. */
export function matching(typed: string, entries: readonly Entry[]): Entry[] {
  return entries
    .map(entry => ({ entry, match: matchOf(typed, entry) }))
    .filter(({ match }) => match > 0)
    .sort((a, b) => b.match - a.match)
    .map(({ entry }) => entry)
}

/** Fewer letters may still become anything. */
const sureLetters = 3

/**
 * The list for what was typed: searching the library for it comes first, unless something is called so. Videos come
 * as the library found them.
 */
export function paletteList(
  typed: string,
  {
    search,
    entries,
    videos,
  }: { readonly search: Entry; readonly entries: readonly Entry[]; readonly videos: readonly Entry[] },
): Entry[] {
  const found = matching(typed, entries)
  const text = typed.trim()
  if (!text) return found
  const name = text.toLowerCase()
  const exact = videos.filter(({ title }) =>
    [title, title.replace(/\.[^.]*$/, '')].some(one => one.toLowerCase() === name),
  )
  const called = text.length < sureLetters ? [] : found.filter(entry => matchOf(text, entry) === 3)
  const first = [...exact, ...called]
  return [...first, search, ...[...found, ...videos].filter(entry => !first.includes(entry))]
}
