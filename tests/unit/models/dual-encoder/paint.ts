import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Eight seconds of one colour, or of several one after the other. */
export async function paint(file: string, ...colours: string[]): Promise<void> {
  const inputs = colours.flatMap(colour => [
    '-f',
    'lavfi',
    '-t',
    String(8 / colours.length),
    '-i',
    `color=${colour}:s=96x64:r=10`,
  ])
  await promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    ...inputs,
    '-filter_complex',
    `concat=n=${colours.length}`,
    '-c:v',
    'libx264',
    '-g',
    '10',
    '-pix_fmt',
    'yuv420p',
    file,
  ])
}
