import type { RouteLocationRaw } from 'vue-router'
import { addressOfQuery } from '../search/query/search-query.ts'

/** The way of the tour, each stop on the page of its name. */
export const tourSteps = ['library', 'search', 'alignment', 'attention', 'fine-tune'] as const
export type TourStep = (typeof tourSteps)[number]

/** A video of the library that the tour shows, and a paragraph that tells of it. */
export interface TourExample {
  readonly videoId: number
  readonly paragraph: string
}

/** Where a stop is; with an example, a page that shows it. */
export function placeOf(step: TourStep, example: TourExample | null): RouteLocationRaw {
  if (!example) return { name: step }
  const { videoId, paragraph } = example
  if (step === 'search') {
    return { name: step, query: addressOfQuery({ text: paragraph, level: 'video', top: '24', folder: null }) }
  }
  return step === 'alignment' || step === 'attention' ? { name: step, params: { videoId } } : { name: step }
}

/** Stops that show nothing before a video is indexed. */
export const needsExample = (step: TourStep): boolean => step !== 'library' && step !== 'fine-tune'
