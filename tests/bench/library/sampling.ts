import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChildProcess } from '../../../main/media/ffmpeg/child-process.ts'
import { findExecutable } from '../../../main/media/ffmpeg/executables.ts'
import { probe } from '../../../main/media/probing/probe.ts'
import { fastTransformFilter } from '../../../main/media/sampling/fast-transform.ts'
import { sampleOverview } from '../../../main/media/sampling/frames.ts'
import { overviewIndices } from '../../../main/media/sampling/sampling.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

const rate = 25
const repeats = 2

/**
 * Sampling 32 frames against the ffmpeg command line doing the same: one process per frame that seeks, and one process
 * that decodes everything and selects. All three crop, scale and hand over the same pixels; the better of two runs
 * counts, taken in turns, so that a busy moment of the machine is not one side's alone.
 */
export async function benchSampling(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-sampling-'))
  try {
    const minute = join(folder, 'minute.mp4')
    const long = join(folder, 'ten minutes.mp4')
    await ffmpeg([
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=1280x720:r=${rate}:d=60`,
      '-vf',
      'noise=alls=8:allf=t',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-bf',
      '2',
      '-g',
      '250',
      '-pix_fmt',
      'yuv420p',
      minute,
    ])
    await ffmpeg(['-stream_loop', '9', '-i', minute, '-c', 'copy', long])
    return { rows: [...(await compare('1 minute', minute)), ...(await compare('10 minutes', long))] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(length: string, file: string): Promise<BenchRow[]> {
  const info = await probe(file)
  const indices = overviewIndices(info.frameCount)
  const filter = fastTransformFilter(
    { height: info.storedHeight, width: info.storedWidth },
    { height: 192, width: 320 },
  )
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1']
  const best = { ours: Infinity, seeks: Infinity, select: Infinity }
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    best.ours = Math.min(
      best.ours,
      await seconds(async () => {
        await sampleOverview(file, info)
      }),
    )
    best.seeks = Math.min(
      best.seeks,
      await seconds(async () => {
        for (const index of indices) {
          await ffmpeg(['-ss', String(index / rate), '-i', file, '-frames:v', '1', '-vf', filter, ...raw])
        }
      }),
    )
    best.select = Math.min(
      best.select,
      await seconds(() =>
        ffmpeg([
          '-i',
          file,
          '-vf',
          `select='${indices.map(index => `eq(n,${index})`).join('+')}',${filter}`,
          '-vsync',
          '0',
          ...raw,
        ]),
      ),
    )
  }
  const note = `${length} of 1280×720 H.264, a keyframe every 10 s`
  return [
    { name: `32 frames, ${length}`, value: best.ours, unit: 's', note },
    {
      name: `one ffmpeg per frame ÷ ours, ${length}`,
      value: best.seeks / best.ours,
      unit: '×',
      note: `${best.seeks.toFixed(2)} s`,
    },
    {
      name: `one ffmpeg that decodes everything ÷ ours, ${length}`,
      value: best.select / best.ours,
      unit: '×',
      note: `${best.select.toFixed(2)} s`,
    },
  ]
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  const { exitCode, errorText } = await runChildProcess(await findExecutable('ffmpeg'), [
    '-v',
    'error',
    '-nostdin',
    '-y',
    ...args,
  ])
  if (exitCode !== 0) throw new Error(`ffmpeg failed: ${errorText}`)
}

async function seconds(work: () => Promise<void>): Promise<number> {
  return (await timed(work)).seconds
}
