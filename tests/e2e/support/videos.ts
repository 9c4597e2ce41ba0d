import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drawVideo } from '../../support/videos/ffmpeg.ts'

const pictures = [
  {
    name: 'Test card.mp4',
    source: 'testsrc2=size=320x240:rate=20',
    codec: ['-c:v', 'libx264', '-g', '40', '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'Colours and a clock.mp4',
    source: 'testsrc=size=426x240:rate=20',
    codec: ['-c:v', 'libx264', '-g', '40', '-pix_fmt', 'yuv420p'],
  },
  {
    name: 'Fractal.webm',
    source: 'mandelbrot=size=320x240:rate=20',
    codec: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '40', '-pix_fmt', 'yuv420p'],
  },
]
export const paragraph = 'A test card with moving bars. A counter runs in the middle. The colours change.'

/** Makes a folder of short videos that nobody has seen before, the first with captions; returns their paths. */
export async function makeVideos(folder: string, seconds: number): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths = pictures.map(picture => join(folder, picture.name))
  await Promise.all(
    pictures.map(({ source, codec }, index) =>
      drawVideo(paths[index] ?? '', source, ['-t', String(seconds), ...codec]),
    ),
  )
  await writeFile(join(folder, 'Test card.txt'), paragraph.replaceAll('. ', '.\n'))
  return paths
}
