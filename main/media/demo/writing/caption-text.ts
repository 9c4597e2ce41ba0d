import type { CaptionFormat } from '../stories/story.ts'

/** Seconds from the beginning of the video. */
export interface TimedSentence {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Captions as a file beside a video has them; with their times where the format has any. */
export function captionText(captions: readonly TimedSentence[], format: CaptionFormat): string {
  switch (format) {
    case 'txt':
      return captions.map(({ text }) => `${text}\n`).join('')
    case 'srt':
      return captions
        .map(({ text, start, end }, index) => `${index + 1}\n${srtTime(start)} --> ${srtTime(end)}\n${text}\n`)
        .join('\n')
    case 'json':
      return `${JSON.stringify(captions, null, 2)}\n`
  }
}

function srtTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23).replace('.', ',')
}

/** Each sentence with the time of its scene; the scenes follow one another from 0. */
export function timed(scenes: readonly { readonly seconds: number; readonly text: string }[]): TimedSentence[] {
  let end = 0
  return scenes.map(({ seconds, text }) => {
    const start = end
    end = rounded(start + seconds)
    return { text, start, end }
  })
}

/** To milliseconds, the finest that the formats of captions have. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
