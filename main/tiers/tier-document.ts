import type { Caption } from '../api/library/library.ts'
import type { TierExport } from '../api/library/tiers.ts'
import { elanDocument } from '../training/data/annotation-tools/elan-document.ts'
import { labelStudioTasks } from '../training/data/annotation-tools/label-studio-document.ts'
import { spanTable } from '../training/data/annotation-tools/span-table.ts'
import type { Span } from '../training/data/annotation-tools/spans.ts'

/** A tier as it is written: its name and its spans, those without times left out. */
export interface WrittenTier {
  readonly name: string
  readonly spans: readonly Caption[]
}

/** The spans of tiers as annotation tools take them, tier after tier. @param video its file name. */
export function spansOfTiers(video: string, tiers: readonly WrittenTier[]): Span[] {
  return tiers.flatMap(({ name, spans }) =>
    spans.flatMap(({ text, start, end }): Span[] =>
      start === null || end === null
        ? []
        : [{ video, start, end, text, mark: { source: null, tier: name, id: null }, source: video }],
    ),
  )
}

/**
 * Spans of one video as a session of ELAN, a task of Label Studio whose regions are labelled with the name of their
 * tier, or a table.
 * @param frameRate frames a second of the video, in which Label Studio counts.
 */
export function tierDocument(
  as: TierExport['as'],
  spans: readonly Span[],
  { video, frameRate, date }: { readonly video: string; readonly frameRate: number; readonly date: string },
): string {
  switch (as) {
    case 'elan':
      return elanDocument(video, spans, date)
    case 'label-studio':
      return labelStudioTasks(new Map([[video, spans]]), frameRate, ({ mark }) => mark?.tier ?? video)
    case 'csv':
      return spanTable(spans)
    case 'json':
      return `${JSON.stringify(
        spans.map(({ start, end, text, mark }) => ({ video, start, end, text, tier: mark?.tier })),
        null,
        2,
      )}\n`
    default:
      return as satisfies never
  }
}
