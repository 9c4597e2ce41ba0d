import type { LocationQuery } from 'vue-router'
import { searchLevels } from '../../../../main/api/common/rules.ts'
import { numberInAddress } from '../../../composables/addressed.ts'

export const topChoices = ['10', '24', '50', '100', '500'] as const
export type Top = (typeof topChoices)[number]
export type Level = (typeof searchLevels)[number]

export interface SearchQuery {
  text: string
  level: Level
  top: Top
  /** The opened folder that is searched; null for all. */
  folder: number | null
}

/** The search is part of the address, so that going back shows the search before. */
export function queryOfAddress(query: LocationQuery): SearchQuery {
  return {
    text: typeof query.q === 'string' ? query.q : '',
    level: searchLevels.find(level => level === query.level) ?? searchLevels[0],
    top: topChoices.find(top => top === query.top) ?? '24',
    folder: numberInAddress.read(String(query.folder ?? '')),
  }
}

export function addressOfQuery({ text, ...how }: SearchQuery): LocationQuery {
  return { q: text, ...addressOfHow(how) }
}

/** What is asked for beside the text. */
export function addressOfHow({ level, top, folder }: Omit<SearchQuery, 'text'>): LocationQuery {
  return {
    ...(level === searchLevels[0] ? {} : { level }),
    ...(top === '24' ? {} : { top }),
    ...(folder === null ? {} : { folder: String(folder) }),
  }
}

/** As the contract asks for it. */
export const askedOf = ({ level, top, folder }: Omit<SearchQuery, 'text'>) => ({
  level,
  top: Number(top),
  folderId: folder,
})

export const sameQuery = (a: SearchQuery, b: SearchQuery): boolean =>
  a.text === b.text && a.level === b.level && a.top === b.top && a.folder === b.folder
