import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SamplingThread } from '../../../../main/media/sampling-thread/sampling-thread.ts'
import { ExampleFrames } from '../../../../main/training/data/batches/example-frames.ts'
import { clipIndices, evaluationIndices, trainingIndices } from '../../../../main/training/data/batches/frame-choice.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { ffmpeg } from '../../../support/videos/ffmpeg.ts'

const count = 60
const shape = { frames: 8, height: 24, width: 40 }
/** Brightness of picture `n`, and how it grows: a part of the picture tells the number as well as the whole. */
const [FIRST, STEP] = [20, 3]

const folder = folderOfFile('varying')
let file = ''
let sampler: SamplingThread
beforeAll(async () => {
  file = join(folder, 'slower and slower.mkv')
  sampler = new SamplingThread()
  const pictures = `color=gray:s=96x64:r=25,geq=lum='${FIRST}+${STEP}*N':cb=128:cr=128`
  await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    pictures,
    '-frames:v',
    String(count),
    '-vf',
    "settb=1/1000,setpts='N*N*2+N*10'",
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '1/1000',
    '-c:v',
    'libx264',
    '-qp',
    '0',
    file,
  ])
})
afterAll(async () => {
  await sampler.close()
})

const signal = new AbortController().signal
const whole = (): { path: string; start: null; end: null } => ({ path: file, start: null, end: null })

/** Numbers of pictures, by the brightness of their middles. */
function numbers(data: Uint8Array): number[] {
  const size = shape.height * shape.width * 3
  return Array.from({ length: shape.frames }, (_, frame) => {
    const grey = data[frame * size + size / 2] ?? NaN
    return Math.max(0, Math.round(((grey * 219) / 255 + 16 - FIRST) / STEP))
  })
}

test('of a video of varying rate the frames of the published protocol are taken, which counts them', async () => {
  const frames = new ExampleFrames(shape, sampler)
  const drawn = numbers(await frames.over(whole(), seededRandom(3), signal))
  expect(drawn).toEqual(trainingIndices(count, shape.frames, seededRandom(3)))
  expect(numbers(await frames.over(whole(), null, signal))).toEqual(evaluationIndices(count, shape.frames))
  expect(numbers(await frames.ofClips([whole(), whole()], seededRandom(3), signal))).toEqual([
    ...clipIndices(count, 4),
    ...clipIndices(count, 4),
  ])
})

test('kept frames are the same ones', async () => {
  const store = { directory: join(folder, 'kept'), limit: 1e9, since: Date.now() }
  const frames = new ExampleFrames(shape, sampler, { store, videos: 1, onNotice: () => undefined })
  for (const seed of [3, 4]) {
    const drawn = numbers(await frames.over(whole(), seededRandom(seed), signal))
    expect(drawn).toEqual(trainingIndices(count, shape.frames, seededRandom(seed)))
  }
})
