import { join } from 'node:path'
import { drawVideos } from './ffmpeg.ts'

/** Two classes that colour tells apart, `each` short videos of every class and split: `SPLIT/CLASS/NUMBER.mp4`. */
export async function writeColourClasses(folder: string, each: Readonly<Record<string, number>>): Promise<void> {
  const classes = [
    ['red', 0],
    ['blue', 2],
  ] as const
  const names = Object.entries(each).flatMap(([split, count]) =>
    classes.flatMap(([label, channel]) =>
      Array.from({ length: count }, (_, number) => ({ split, label, channel, number })),
    ),
  )
  await drawVideos(
    names.map(({ split, label, channel, number }, shade) => {
      // Shades differ, so that no two videos are the same.
      const colour = [0x20, 0x20, 0x20].map((value, index) => value + (index === channel ? 0x90 : 0) + (shade % 7) * 6)
      const hex = colour.map(value => value.toString(16).padStart(2, '0')).join('')
      return {
        file: join(folder, split, label, `${split}-${label}-${number}.mp4`),
        source: `color=0x${hex}:s=320x192:r=32:d=1`,
      }
    }),
    ['-c:v', 'libx264', '-preset', 'ultrafast'],
  )
}
