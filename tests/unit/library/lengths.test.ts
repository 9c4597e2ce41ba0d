import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datasetChoice } from '../../../main/api/training/datasets.ts'
import { probe } from '../../../main/media/probing/probe.ts'
import { inspectDataset } from '../../../main/training/data/datasets/inspect.ts'
import { folderOfTest } from '../../support/folders.ts'
import { writeNumberedVideo } from '../../support/videos/numbered-video.ts'
import { keys, openTestLibrary } from './open-library.ts'

const size = { width: 96, height: 64 }
const longerSound = ['-f', 'lavfi', '-t', '6', '-i', 'sine']

/** Writes videos whose containers announce no length, that of the sound, or that of a part. */
async function writeAll(folder: string): Promise<void> {
  const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8']
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20']
  const at = (name: string): string => join(folder, name)
  await writeNumberedVideo({
    file: at('browser.webm'),
    size,
    frames: 50,
    before: longerSound,
    encode: [...vp8, '-c:a', 'libopus', '-live', '1', '-f', 'webm'],
  })
  await writeNumberedVideo({
    file: at('fragments.mp4'),
    size,
    frames: 40,
    before: longerSound,
    encode: [...h264, '-c:a', 'aac', '-movflags', 'frag_keyframe'],
  })
  await writeNumberedVideo({
    file: at('short.mkv'),
    size,
    frames: 20,
    before: longerSound,
    encode: [...h264, '-c:a', 'aac', '-live', '1', '-f', 'matroska'],
  })
}

let library: ReturnType<typeof openTestLibrary>
beforeAll(() => {
  library = openTestLibrary((file, options) => probe(file, options))
})
afterAll(async () => {
  await library.close()
})

test('the library shows how long the picture is', async () => {
  await writeAll(library.videos)
  await library.library.addFolder(library.videos)
  await library.scan()
  const { duration } = library.library.summary(keys)
  expect(duration).toBeCloseTo(2 + 1.6 + 0.8, 1)
})

test('the check of a data set counts the frames that are there', async () => {
  const folder = folderOfTest('lengths')
  await writeAll(folder)
  const rows = ['browser.webm', 'fragments.mp4', 'short.mkv'].map(clip => ({ clip_id: clip, text: ['A number.'] }))
  await writeFile(join(folder, 'train.jsonl'), rows.map(row => JSON.stringify(row)).join('\n'))
  const report = await inspectDataset(datasetChoice.parse({ folder }), {
    signal: new AbortController().signal,
    frames: 32,
    probe,
  })
  const short = report.problems.filter(({ kind }) => kind === 'short-video')
  expect(short).toMatchObject([{ count: 1, examples: ['short.mkv: 20 frames'] }])
})
