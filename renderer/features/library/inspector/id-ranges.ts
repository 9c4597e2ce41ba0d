/** Characters of an address that every browser and mail program carries. */
const longestText = 1500

/** Numbers of videos as in an address: `3.7-12.40`. Null when that would be longer than an address should be. */
export function idRanges(ids: Iterable<number>): string | null {
  const sorted = [...new Set(ids)].sort((a, b) => a - b)
  const ranges: [first: number, last: number][] = []
  for (const id of sorted) {
    const range = ranges.at(-1)
    if (range && range[1] === id - 1) range[1] = id
    else ranges.push([id, id])
  }
  const text = ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join('.')
  return text.length > longestText ? null : text
}

/** The numbers again; a text of another form gives none, and a range is bounded, since anyone may write an address. */
export function idsOfRanges(text: string | null): Set<number> {
  const ids = new Set<number>()
  for (const part of text?.split('.') ?? []) {
    const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? []
    if (first === undefined) continue
    for (let id = Number(first); id <= Number(last) && ids.size < mostIds; id++) ids.add(id)
  }
  return ids
}

const mostIds = 200_000
