import { join } from 'node:path'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import { demoVideos } from './demo-videos.ts'
import type { DemoVideo } from './demo-videos.ts'
import { sentenceFor } from './telling/sentence.ts'
import { captionText, timed } from './writing/caption-text.ts'
import { encoderOptions } from './writing/encoders.ts'
import { writeVideos } from './writing/write-videos.ts'
import type { DemoOptions } from './writing/write-videos.ts'

export interface DemoLibrary {
  /** Paths of the videos. */
  readonly videos: string[]
  /** Paths of their captions, in the same order. */
  readonly captions: string[]
}

const framesPerSecond = 20

/**
 * Paints and encodes the demo library: short videos of moving shapes in several formats, each with captions beside it
 * that tell every scene truly and in order. The same on every run; a video that is there already is kept.
 * @throws ExpectedError as {@link writeVideos}.
 */
export async function generateDemo(directory: string, options: DemoOptions = {}): Promise<DemoLibrary> {
  const abilities = await ffmpegAbilities()
  const videos = demoVideos.flatMap(video => {
    const format = encoderOptions(video.container, abilities)
    // What the installed ffmpeg cannot write is left out.
    if (format === null) return []
    const captions = { file: join(directory, `${video.name}.${video.captions}`), text: captionsOf(video) }
    const { scenes, size } = video
    return [
      { file: join(directory, `${video.name}.${video.container}`), captions, scenes, size, framesPerSecond, format },
    ]
  })
  await writeVideos(directory, videos, options)
  return { videos: videos.map(({ file }) => file), captions: videos.map(({ captions }) => captions.file) }
}

function captionsOf(video: DemoVideo): string {
  const told = video.scenes.map((scene, index) => {
    const wording = index % 2
    return { seconds: scene.seconds, text: sentenceFor(scene, { action: wording, place: wording }) }
  })
  return captionText(timed(told), video.captions)
}
