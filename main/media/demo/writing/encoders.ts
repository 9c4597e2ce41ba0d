import type { FfmpegAbilities } from '../../ffmpeg/executables.ts'
import type { Container } from '../stories/story.ts'

/** Encoders with their options, the better one first. */
type Choices = readonly (readonly [encoder: string, options: string])[]

/** By container. */
const encoders: Readonly<Record<Container, Choices>> = {
  mp4: [
    ['libx264', '-f mp4 -c:v libx264 -preset veryfast -crf 24 -g 80 -movflags +faststart'],
    ['mpeg4', '-f mp4 -c:v mpeg4 -q:v 4 -g 80 -movflags +faststart'],
  ],
  mov: [
    ['libx264', '-f mov -c:v libx264 -preset veryfast -crf 24 -g 40 -movflags +faststart'],
    ['mpeg4', '-f mov -c:v mpeg4 -q:v 4 -g 40 -movflags +faststart'],
  ],
  mkv: [
    ['libx264', '-f matroska -c:v libx264 -preset veryfast -crf 24 -g 120'],
    ['mpeg4', '-f matroska -c:v mpeg4 -q:v 4 -g 120'],
  ],
  webm: [
    ['libvpx-vp9', '-f webm -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -row-mt 1 -crf 34 -b:v 0 -g 80'],
    ['libvpx', '-f webm -c:v libvpx -deadline realtime -cpu-used 8 -b:v 600k -g 80'],
  ],
  avi: [['mpeg4', '-f avi -c:v mpeg4 -q:v 4 -g 60']],
}

/**
 * Of the codec alone, for videos that are encoded together: each begins with a key frame, and no frame refers to one of
 * another.
 */
const smallEncoders: Choices = [
  ['libx264', '-c:v libx264 -preset veryfast -crf 20 -g 250 -bf 0 -threads 1'],
  ['mpeg4', '-c:v mpeg4 -q:v 3 -g 250 -threads 1'],
]

/** ffmpeg's options for a container; null when it can write no codec for it. MPEG-4 is part of every build. */
export function encoderOptions(container: Container, abilities: FfmpegAbilities): readonly string[] | null {
  return chosen(encoders[container], abilities)
}

/** ffmpeg's options for the codec of small MP4 videos. */
export function smallEncoderOptions(abilities: FfmpegAbilities): readonly string[] {
  return chosen(smallEncoders, abilities) ?? []
}

function chosen(choices: Choices, { encoders: there }: FfmpegAbilities): readonly string[] | null {
  const found = choices.find(([encoder]) => there.has(encoder))
  return found ? found[1].split(' ') : null
}
