import { drawVideo } from '../../../support/videos/ffmpeg.ts'

/** Eight seconds of one colour, or of several one after the other. */
export async function paint(file: string, ...colours: string[]): Promise<void> {
  const parts = colours.map((colour, at) => `color=${colour}:s=96x64:r=10:d=${8 / colours.length}[${at}]`)
  const joined = `${colours.map((_, at) => `[${at}]`).join('')}concat=n=${colours.length}`
  await drawVideo(file, [...parts, joined].join(';'), ['-c:v', 'libx264', '-g', '10', '-pix_fmt', 'yuv420p'])
}
