import type { MapPoints } from '../points/map-points.ts'

/**
 * What points can be coloured by. `score`: of a text; `evaluation`: how their videos did in one; `time`: where in its
 * video a clip lies.
 */
export const colourings = [
  'none',
  'folder',
  'tag',
  'resolution',
  'captions',
  'length',
  'time',
  'score',
  'evaluation',
] as const
export type ColourBy = (typeof colourings)[number]

/** Those that have a colour of their own; the others share one. */
const mostCategories = 12

/** Points of one kind. `name` null: of none, as without a tag; `isRest`: of the kinds that share a colour. */
export interface Category {
  readonly name: string | null
  readonly isRest: boolean
  readonly points: number
}

/** `of`: the place of each point's category; `members`: all points of one, which for tags may be of others as well. */
export interface Categories {
  readonly kind: 'categories'
  readonly categories: readonly Category[]
  readonly of: Int16Array
  members(category: number): number[]
}

/** A number for each point, NaN where there is none; `low` and `high` are the ends of the colours. */
export interface Values {
  readonly kind: 'values'
  readonly values: Float32Array
  readonly low: number
  readonly high: number
}

export type Colouring = Categories | Values | null

/** What was found out of points and videos beside the map. */
export interface Measured {
  /** Of the rows of the stored map. */
  readonly scores: Float32Array | null
  /** From 0 to 1, of videos by their paths. */
  readonly standings: ReadonlyMap<string, number> | null
}

export function colouringOf(map: MapPoints, by: ColourBy, { scores, standings }: Measured): Colouring {
  const { videos, video, count } = map
  switch (by) {
    case 'none':
      return null
    case 'folder':
      return categoriesOf(
        map,
        folderNames(videos.path).map(name => [name]),
      )
    case 'tag':
      return categoriesOf(map, videos.tags)
    case 'resolution':
      return categoriesOf(
        map,
        videos.lines.map(lines => [`${lines}p`]),
      )
    case 'captions':
      return categoriesOf(
        map,
        videos.sentences.map(sentences => [sentences > 0 ? 'captions' : 'noCaptions']),
      )
    case 'length':
      return valuesOf(Float32Array.from(video, place => videos.duration[place] ?? NaN))
    case 'time':
      return valuesOf(
        Float32Array.from({ length: count }, (_, point) => {
          const middle = ((map.start[point] ?? 0) + (map.end[point] ?? 0)) / 2
          return middle / (videos.duration[video[point] ?? -1] || NaN)
        }),
      )
    case 'score':
      return scores && valuesOf(Float32Array.from(map.row, row => scores[row] ?? NaN))
    case 'evaluation': {
      if (!standings) return null
      const values = Float32Array.from(video, place => standings.get(videos.path[place] ?? '') ?? NaN)
      return { kind: 'values', values, low: 0, high: 1 }
    }
  }
}

/** The folder that each file lies in, by as much of its path as tells it from the others. */
export function folderNames(paths: readonly string[]): string[] {
  const parts = paths.map(path => path.split(/[\\/]/).slice(0, -1))
  const whole = parts.map(folders => folders.join('/'))
  const shown = new Map<string, string>()
  for (let depth = 1; shown.size < new Set(whole).size && depth <= 64; depth++) {
    const names = new Map<string, Set<string>>()
    parts.forEach((folders, place) => {
      const name = folders.slice(-depth).join('/')
      names.set(name, (names.get(name) ?? new Set()).add(whole[place] ?? ''))
    })
    for (const [name, folders] of names) {
      const [folder = '', ...others] = folders
      if (others.length === 0 && !shown.has(folder)) shown.set(folder, name || '/')
    }
  }
  return whole.map(folder => shown.get(folder) ?? folder)
}

/** @param named the names of each video; the rarest of them gives the colour, since it says most */
function categoriesOf({ count, video }: MapPoints, named: readonly (readonly string[])[]): Categories {
  const counts = new Map<string, number>()
  let without = 0
  for (let point = 0; point < count; point++) {
    const names = named[video[point] ?? -1] ?? []
    if (names.length === 0) without += 1
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b, undefined, { numeric: true }))
  const shown = byCount.slice(0, byCount.length > mostCategories ? mostCategories - 1 : mostCategories)
  const placeOf = new Map(shown.map(([name], place) => [name, place]))
  const [rest, none] = [shown.length, shown.length + Number(byCount.length > shown.length)]
  const categories: Category[] = [
    ...shown.map(([name, points]) => ({ name, isRest: false, points })),
    ...(byCount.length > shown.length ? [{ name: null, isRest: true, points: 0 }] : []),
    ...(without > 0 ? [{ name: null, isRest: false, points: without }] : []),
  ]
  const categoryOf = (point: number): number => {
    const names = named[video[point] ?? -1] ?? []
    if (names.length === 0) return none
    const own = names.flatMap(name => placeOf.get(name) ?? [])
    return own.length > 0 ? Math.max(...own) : rest
  }
  const of = Int16Array.from({ length: count }, (_, point) => categoryOf(point))
  const pointsOfRest = of.reduce((sum, place) => sum + Number(place === rest && rest !== none), 0)
  return {
    kind: 'categories',
    categories: categories.map(one => (one.isRest ? { ...one, points: pointsOfRest } : one)),
    of,
    members: place => {
      const name = categories[place]?.name
      return Array.from(of.keys()).filter(
        point =>
          of[point] === place ||
          (name !== null && name !== undefined && (named[video[point] ?? -1] ?? []).includes(name)),
      )
    },
  }
}

/** A few outliers must not take all colours: the ends are the second and the last but one in a hundred. */
function valuesOf(values: Float32Array): Values {
  const sorted = values.filter(Number.isFinite).sort()
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  return { kind: 'values', values, low: at(0.01), high: at(0.99) }
}
