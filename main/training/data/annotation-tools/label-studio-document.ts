import { escaped } from './elan-text.ts'
import { framesOf } from './label-studio-changes.ts'
import type { Span } from './spans.ts'

const usualLabel = 'moment'

/** The labelling interface that the tasks below fit, for the user to paste into a new project. */
export function labellingInterface(frameRate: number, labels: readonly string[] = [usualLabel]): string {
  const choices = labels.map(label => `<Label value="${escaped(label)}"/>`).join('')
  return `<View>
  <Video name="video" value="$video" frameRate="${frameRate}"/>
  <TimelineLabels name="moment" toName="video">${choices}</TimelineLabels>
  <TextArea name="text" toName="video" perRegion="true"/>
</View>`
}

/**
 * New tasks of Label Studio, one a video: each span is a region on the time line with its text.
 * @param labelOf the label of its region.
 */
export function labelStudioTasks(
  videos: ReadonlyMap<string, readonly Span[]>,
  frameRate: number,
  labelOf: (span: Span) => string = () => usualLabel,
): string {
  const tasks = [...videos].map(([video, spans]) => ({
    data: { video },
    annotations: [
      {
        result: spans.flatMap((span, place) => {
          const { start, end, text } = span
          const region = { id: `r${place + 1}`, to_name: 'video', origin: 'manual' }
          const ranges = [framesOf(start, end, frameRate)]
          return [
            {
              ...region,
              from_name: 'moment',
              type: 'timelinelabels',
              value: { ranges, timelinelabels: [labelOf(span)] },
            },
            { ...region, from_name: 'text', type: 'textarea', value: { ranges, text: [text] } },
          ]
        }),
      },
    ],
  }))
  return `${JSON.stringify(tasks, null, 2)}\n`
}
