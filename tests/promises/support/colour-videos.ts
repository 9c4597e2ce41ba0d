import { join } from 'node:path'
import { drawVideos } from '../../support/videos/ffmpeg.ts'

/** Colours far enough apart for a model of a few thousand weights, by their names. */
export const colours = {
  red: [220, 40, 40],
  green: [40, 200, 40],
  blue: [40, 40, 220],
  yellow: [220, 220, 40],
  white: [235, 235, 235],
  black: [15, 15, 15],
  cyan: [40, 210, 210],
  pink: [220, 60, 210],
} as const
export type Colour = keyof typeof colours
export const colourNames = Object.keys(colours) as Colour[]
/** Those of questions, whose answers have to be told apart by the video. */
export const fourColours = colourNames.slice(0, 4)

export const splits = ['train', 'val', 'test'] as const
export interface ColourVideo {
  readonly name: string
  readonly colour: Colour
  readonly split: (typeof splits)[number]
  readonly number: number
}

/**
 * Two videos of the four colours and one of the others for training, one each for validation and the test; shades
 * differ.
 */
export const colourVideos: readonly ColourVideo[] = splits.flatMap(split =>
  colourNames.flatMap(colour =>
    Array.from({ length: split === 'train' && fourColours.includes(colour) ? 2 : 1 }, (_, number) => ({
      name: `v_${split}_${colour}_${number}`,
      colour,
      split,
      number,
    })),
  ),
)

/** Writes one-second videos of one colour each, `NAME.mp4`, a kilobyte or two. */
export async function writeColourVideos(
  folder: string,
  videos: readonly { readonly name: string; readonly colour: Colour }[],
): Promise<void> {
  const hex = (colour: Colour, index: number) =>
    colours[colour].map(value => (value + ((index * 7) % 19)).toString(16).padStart(2, '0')).join('')
  await drawVideos(
    videos.map(({ name, colour }, index) => ({
      file: join(folder, `${name}.mp4`),
      source: `color=0x${hex(colour, index)}:s=48x32:r=8:d=1`,
    })),
    ['-c:v', 'libx264', '-preset', 'ultrafast'],
  )
}
