import { basename } from 'node:path'
import { escaped } from './elan-text.ts'
import type { Span } from './spans.ts'

/**
 * A new session of ELAN (EAF 3.0) with the spans of one video. Each tier that they name is one, `default` those that
 * name none; what overlaps goes to further tiers, since annotations of one do not overlap.
 * @param video its file name. @param date ISO 8601.
 */
export function elanDocument(video: string, spans: readonly Span[], date: string): string {
  const tiers = tiersOf(spans)
  let [slot, annotation] = [0, 0]
  const slots: { id: string; time: number }[] = []
  const slotAt = (time: number) => {
    slots.push({ id: `ts${++slot}`, time })
    return `ts${slot}`
  }
  const elements = [...tiers].map(([name, told]) => {
    const annotations = told.map(({ times: [start, end], text }) => {
      const [first, last] = [slotAt(start), slotAt(end)]
      return `        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a${++annotation}" TIME_SLOT_REF1="${first}" TIME_SLOT_REF2="${last}">
                <ANNOTATION_VALUE>${escaped(text)}</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
`
    })
    return `    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="${escaped(name)}">\n${annotations.join('')}    </TIER>\n`
  })
  const order = slots.toSorted((a, b) => a.time - b.time)
  const file = escaped(basename(video))
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="${date}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///${file}" MIME_TYPE="${mimeType(video)}" RELATIVE_MEDIA_URL="./${file}"/>
        <PROPERTY NAME="lastUsedAnnotationId">${annotation}</PROPERTY>
    </HEADER>
    <TIME_ORDER>
${order.map(({ id, time }) => `        <TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${time}"/>\n`).join('')}    </TIME_ORDER>
${elements.join('')}    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
`
}

interface Told {
  readonly times: readonly [number, number]
  readonly text: string
}

function tiersOf(spans: readonly Span[]): Map<string, Told[]> {
  const tiers = new Map<string, Told[]>()
  for (const { start, end, text, mark } of spans.toSorted((a, b) => a.start - b.start)) {
    const told: Told = { times: [Math.round(start * 1000), Math.round(end * 1000)], text }
    const named = mark?.tier ?? 'default'
    for (let number = 1; ; number++) {
      const name = number === 1 ? named : `${named} ${number}`
      const tier = tiers.get(name) ?? []
      if ((tier.at(-1)?.times[1] ?? 0) > told.times[0]) continue
      tiers.set(name, [...tier, told])
      break
    }
  }
  return tiers
}

function mimeType(video: string): string {
  const types: Readonly<Record<string, string>> = { mp4: 'video/mp4', m4v: 'video/mp4', mov: 'video/quicktime' }
  return types[video.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'video/*'
}
