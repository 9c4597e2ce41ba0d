import { framesOf } from './label-studio-changes.ts'
import type { Span } from './spans.ts'

/** The labelling interface that the tasks below fit, for the user to paste into a new project. */
export function labellingInterface(frameRate: number): string {
  return `<View>
  <Video name="video" value="$video" frameRate="${frameRate}"/>
  <TimelineLabels name="moment" toName="video"><Label value="moment"/></TimelineLabels>
  <TextArea name="text" toName="video" perRegion="true"/>
</View>`
}

/** New tasks of Label Studio, one a video: each span is a region on the time line with its text. */
export function labelStudioTasks(videos: ReadonlyMap<string, readonly Span[]>, frameRate: number): string {
  const tasks = [...videos].map(([video, spans]) => ({
    data: { video },
    annotations: [
      {
        result: spans.flatMap(({ start, end, text }, place) => {
          const region = { id: `r${place + 1}`, to_name: 'video', origin: 'manual' }
          const ranges = [framesOf(start, end, frameRate)]
          return [
            { ...region, from_name: 'moment', type: 'timelinelabels', value: { ranges, timelinelabels: ['moment'] } },
            { ...region, from_name: 'text', type: 'textarea', value: { ranges, text: [text] } },
          ]
        }),
      },
    ],
  }))
  return `${JSON.stringify(tasks, null, 2)}\n`
}
