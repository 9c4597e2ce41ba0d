import { join } from 'node:path'
import { drawVideo } from './ffmpeg.ts'

/** Two classes that colour tells apart, `each` short videos of every class and split: `SPLIT/CLASS/NUMBER.mp4`. */
export async function writeColourClasses(folder: string, each: Readonly<Record<string, number>>): Promise<void> {
  let shade = 0
  for (const [split, count] of Object.entries(each)) {
    for (const [label, channel] of [
      ['red', 0],
      ['blue', 2],
    ] as const) {
      for (let number = 0; number < count; number++) {
        // Shades differ, so that no two videos are the same.
        const colour = [0x20, 0x20, 0x20].map(
          (value, index) => value + (index === channel ? 0x90 : 0) + (shade++ % 7) * 6,
        )
        const hex = colour.map(value => value.toString(16).padStart(2, '0')).join('')
        const file = join(folder, split, label, `${split}-${label}-${number}.mp4`)
        await drawVideo(file, `color=0x${hex}:s=320x192:r=32:d=1`, ['-c:v', 'libx264', '-preset', 'ultrafast'])
      }
    }
  }
}
