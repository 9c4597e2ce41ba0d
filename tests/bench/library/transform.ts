import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { generateDemo } from '../../../main/media/demo/demo.ts'
import { probe } from '../../../main/media/probing/probe.ts'
import { sampleOverview } from '../../../main/media/sampling/frames.ts'
import type { VideoTextEncoder } from '../../../main/models/encoders/encoder.ts'
import { openFullSizeModel, openSmallModel } from '../engine/full-size-model.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

/**
 * How far the fast transform's embeddings are from those of the exact one, over the demo library; `LFVILA_BENCH_VIDEOS`
 * names files to use instead, separated by colons. Beside it stands how alike *different* videos are, which tells
 * whether a cosine near 1 means anything with random weights.
 */
export async function benchTransform(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-transform-'))
  const engine = new Engine({ launch: forkLauncher() })
  try {
    const given = process.env.LFVILA_BENCH_VIDEOS?.split(':')
    const files = given ?? (await generateDemo(join(folder, 'demo'))).videos
    const what = given ? 'given videos' : 'demo videos'
    return {
      rows: [
        ...(await compare('small model', `${files.length} ${what}`, await openSmallModel(folder, engine), files)),
        ...(await compare(
          'full-size model',
          `${files.length} ${what}`,
          await openFullSizeModel(folder, engine),
          files,
        )),
      ],
    }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(
  label: string,
  note: string,
  encoder: VideoTextEncoder,
  files: readonly string[],
): Promise<BenchRow[]> {
  const agreement: number[] = []
  const globals: Float32Array[] = []
  const seconds = { fast: 0, exact: 0 }
  for (const file of files) {
    const info = await probe(file)
    const { height, width } = encoder
    const fast = await timed(() => sampleOverview(file, info, { mode: 'fast', height, width }))
    const exact = await timed(() => sampleOverview(file, info, { mode: 'exact', height, width }))
    seconds.fast += fast.seconds
    seconds.exact += exact.seconds
    const [a, b] = [await encoder.encodeVideo(fast.result), await encoder.encodeVideo(exact.result)]
    agreement.push(
      cosine(a.global, b.global),
      ...a.clips.map((clip, index) => cosine(clip, b.clips[index] ?? new Float32Array())),
    )
    globals.push(b.global)
  }
  const others = globals.flatMap((one, index) => globals.slice(index + 1).map(other => cosine(one, other)))
  return [
    {
      name: `1 − cosine of fast and exact embeddings, largest, ${label}`,
      value: 1 - Math.min(...agreement),
      unit: '',
      note: `${note}, whole videos and clips, random weights; at most 0.005`,
    },
    {
      name: `1 − cosine of two different videos, largest, ${label}`,
      value: 1 - Math.min(...others),
      unit: '',
      note: `smallest ${(1 - Math.max(...others)).toPrecision(2)}`,
    },
    { name: `exact ÷ fast sampling, ${label}`, value: seconds.exact / seconds.fast, unit: '×', note: 'time' },
  ]
}
