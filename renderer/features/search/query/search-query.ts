import type { LocationQuery } from 'vue-router'
import { searchLevels } from '../../../../main/api/common/rules.ts'

export const topChoices = ['10', '24', '50', '100', '500'] as const
export type Top = (typeof topChoices)[number]
export type Level = (typeof searchLevels)[number]

export interface SearchQuery {
  text: string
  level: Level
  top: Top
}

/** The search is part of the address, so that going back shows the search before. */
export function queryOfAddress(query: LocationQuery): SearchQuery {
  return {
    text: typeof query.q === 'string' ? query.q : '',
    level: searchLevels.find(level => level === query.level) ?? searchLevels[0],
    top: topChoices.find(top => top === query.top) ?? '24',
  }
}

export function addressOfQuery({ text, level, top }: SearchQuery): LocationQuery {
  return { q: text, ...(level === searchLevels[0] ? {} : { level }), ...(top === '24' ? {} : { top }) }
}
