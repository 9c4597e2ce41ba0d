import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ffmpeg } from '../media/numbered-video.ts'

/** Two classes that colour tells apart, `each` short videos of every class and split: `SPLIT/CLASS/NUMBER.mp4`. */
export async function writeColourClasses(folder: string, each: Readonly<Record<string, number>>): Promise<void> {
  let shade = 0
  for (const [split, count] of Object.entries(each)) {
    for (const [label, channel] of [
      ['red', 0],
      ['blue', 2],
    ] as const) {
      await mkdir(join(folder, split, label), { recursive: true })
      for (let number = 0; number < count; number++) {
        // Shades differ, so that no two videos are the same.
        const colour = [0x20, 0x20, 0x20].map(
          (value, index) => value + (index === channel ? 0x90 : 0) + (shade++ % 7) * 6,
        )
        await ffmpeg([
          '-f',
          'lavfi',
          '-t',
          '1',
          '-i',
          `color=0x${colour.map(value => value.toString(16).padStart(2, '0')).join('')}:s=320x192:r=32`,
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          `file:${join(folder, split, label, `${split}-${label}-${number}.mp4`)}`,
        ])
      }
    }
  }
}
