import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MetricPoint, RunConfig } from '../../../main/api/training/training.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import type { EngineLauncher } from '../../../main/engine/launcher.ts'
import { openWorkbench } from '../../../main/workbench/workbench.ts'
import { starterVocabulary } from '../../../native-models/starter/vocabulary.ts'
import { median } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'
import { makeVideo } from '../test-video.ts'

const videoCount = 64
const batchSize = 8
const epochs = 3
const videoSeconds = 8

/** 32 frames of 96 × 160 and a width of 24: about as much work for the engine as for the decoders. */
const modelConfig = {
  VideoEncoder: {
    patch_size: [1, 8, 8],
    embed_dim: 24,
    depths: [2, 2, 4, 2, 2, 2],
    num_heads: [1, 2, 4, 4, 4, 8],
    downsample_stages: [0, 1, 4],
    window_size: [
      [2, 3, 5],
      [4, 3, 5],
      [8, 3, 5],
      [16, 3, 5],
      [16, 3, 5],
      [32, 3, 5],
    ],
  },
  num_local_layers: 1,
  stage1_layers: 2,
  DATA: { sample_frame: 32, sample_clip: 4, input_res: [96, 160] },
}
const vocabulary = starterVocabulary()
const bertConfig = {
  vocab_size: vocabulary.length,
  hidden_size: 192,
  num_attention_heads: 4,
  num_hidden_layers: 3,
  intermediate_size: 384,
  max_position_embeddings: 64,
}

/**
 * Pre-training from a folder of real files, as `finetune --task pretrain-stage1 --no-stochastic` does it: which part of
 * a step is spent waiting for frames in the first epoch, where every video is decoded, and after it, where decoded
 * frames are kept.
 */
export async function benchLoader(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-loader-'))
  try {
    const videos = await makeFolder(join(folder, 'videos'))
    const kept = await train(folder, videos, 20e9)
    const decoded = await train(folder, videos, 0)
    return { rows: [...rowsOf('frames kept', kept), ...rowsOf('no frame cache', decoded)] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Videos with four sentences each, which have times. */
async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder)
  for (let seed = 0; seed < videoCount; seed += 1) {
    await makeVideo(join(folder, `video-${seed}.mp4`), { seconds: videoSeconds, width: 160, height: 90, seed })
    const sentences = [0, 1, 2, 3].map(clip => ({
      text: `colour ${seed} turns for the ${clip} time`,
      start: clip * 2,
      end: clip * 2 + 2,
    }))
    await writeFile(join(folder, `video-${seed}.json`), JSON.stringify(sentences))
  }
  return folder
}

interface Measured {
  readonly first: readonly MetricPoint[]
  readonly later: readonly MetricPoint[]
  /** Core seconds of the engine and of everything together before the first epoch, after it, and near the end. */
  readonly work: readonly ({ readonly engine: number; readonly all: number } | undefined)[]
  /** Most bytes ever resident: this process, in which frames are read, and the engine. */
  readonly memory: { readonly own: number; readonly engine: number }
}

async function train(folder: string, videos: string, frameCache: number): Promise<Measured> {
  /** Core seconds and most memory last seen of every engine; one that has ended keeps what was seen. */
  const engines = new Map<number, { seconds: number; bytes: number }>()
  const launchEngine: EngineLauncher = environment => {
    const started = forkLauncher()(environment)
    if (started.pid !== undefined) engines.set(started.pid, { seconds: 0, bytes: 0 })
    return started
  }
  const workspace = join(folder, `workspace-${frameCache}`)
  const workbench = await openWorkbench({
    host: 'cli',
    version: 'bench',
    workspace,
    demo: false,
    device: 'cpu',
    launchEngine,
    frameCache,
  })
  try {
    const [config, bert, vocab] = [join(folder, 'model.json'), join(folder, 'bert.json'), join(folder, 'vocab.txt')]
    await writeFile(vocab, vocabulary.join('\n'))
    await writeFile(config, JSON.stringify(modelConfig))
    await writeFile(bert, JSON.stringify(bertConfig))
    await workbench.client.models.import({
      weights: [],
      config,
      bertConfig: bert,
      vocab,
      kind: 'pretrain-stage1',
      name: 'small',
      init: { swin: null, bert: null, seed: 1 },
    })
    const run = await workbench.client.training.start(runConfig(videos))
    const steps = Math.floor((videoCount * 0.75) / batchSize)
    const work = new Map<number, { engine: number; all: number }>()
    let memory = { own: 0, engine: 0 }
    const look = async (done: number) => {
      const own = await coreSeconds('self')
      for (const [pid, seen] of engines) {
        const [{ own: seconds }, bytes] = [await coreSeconds(pid), await peakMemory(pid)]
        engines.set(pid, { seconds: Math.max(seen.seconds, seconds || 0), bytes: Math.max(seen.bytes, bytes || 0) })
      }
      const seconds = [...engines.values()].reduce((sum, engine) => sum + engine.seconds, 0)
      work.set(done, { engine: seconds, all: own.own + own.children + seconds })
      memory = { own: await peakMemory('self'), engine: Math.max(...[...engines.values()].map(({ bytes }) => bytes)) }
    }
    let [seen, looking] = [-1, Promise.resolve()]
    await workbench.waitForJob(run.jobId ?? -1, {
      onProgress: ({ progress }) => {
        // Before the steps the videos are counted; and with the last step the job may have ended, unseen.
        if (progress?.unit !== 'steps' || progress.done === seen) return
        const done = progress.done
        seen = done
        looking = looking.then(() => look(done))
      },
    })
    await looking
    const [first, last] = [Math.min(...work.keys()), Math.max(...work.keys())]
    const { state, problem } = await workbench.client.training.info({ id: run.id })
    if (state !== 'finished') throw new Error(`the run is ${state}: ${problem}`)
    const points = (await workbench.client.training.metrics({ id: run.id })).filter(
      ({ values }) => values['time/secondsPerStep'] !== undefined,
    )
    return {
      first: points.filter(({ step }) => step <= steps),
      later: points.filter(({ step }) => step > steps),
      work: [first < steps ? work.get(first) : undefined, work.get(steps), last > steps ? work.get(last) : undefined],
      memory,
    }
  } finally {
    await workbench.close()
  }
}

function runConfig(folder: string): RunConfig {
  return {
    name: 'loader',
    model: 'small',
    task: 'pretrain-stage1',
    preset: null,
    train: { what: 'all' },
    clips: null,
    dataset: {
      folder,
      videos: null,
      format: null,
      task: null,
      split: { by: 'seeded', seed: 1, validation: 0.25, test: 0 },
    },
    parameters: {
      epochs: epochs,
      batchSize: batchSize,
      microBatchSize: null,
      learningRate: 1e-4,
      weightDecay: 0.05,
      clipNorm: 1,
      labelSmoothing: 0,
      stochastic: false,
      augment: true,
      negatives: 'reference',
      contrast: 'micro-batch',
      schedule: { kind: 'linear', warmupEpochs: 0, decayEpochs: null, decayRate: null, minimum: 0 },
    },
    seed: 1,
    validateEvery: epochs,
    patience: null,
  }
}

function rowsOf(name: string, { first, later, work: [began, middle, end], memory }: Measured): BenchRow[] {
  const waiting = (points: readonly MetricPoint[]) => {
    const total = points.reduce((sum, { values }) => sum + (values['time/secondsPerStep'] ?? NaN), 0)
    return (
      (100 *
        points.reduce(
          (sum, { values }) => sum + (values['time/secondsPerStep'] ?? NaN) * (values['time/waitingForFrames'] ?? NaN),
          0,
        )) /
      total
    )
  }
  const seconds = (points: readonly MetricPoint[]) =>
    median(points.map(({ values }) => values['time/secondsPerStep'] ?? NaN))
  const share = (from = began, to = middle) =>
    from && to ? (100 * (to.engine - from.engine)) / (to.all - from.all) : NaN
  const what = `batches of ${batchSize} from ${videoCount} videos of ${videoSeconds} s, 160 × 90, four timed sentences; random crops; CPU, ${availableParallelism()} cores shared with others`
  return [
    {
      name: `waiting for frames in the first epoch, ${name}`,
      value: waiting(first),
      unit: '% of a step',
      note: `${what}; wanted: at most 30 %`,
    },
    {
      name: `waiting for frames from the second epoch on, ${name}`,
      value: waiting(later),
      unit: '% of a step',
      note: name === 'frames kept' ? 'wanted: at most 5 %' : '',
    },
    {
      name: `step, second epoch on ÷ first, ${name}`,
      value: seconds(later) / seconds(first),
      unit: '×',
      note: `${seconds(first).toFixed(1)} s and ${seconds(later).toFixed(1)} s`,
    },
    {
      name: `engine’s share of all processor time, ${name}`,
      value: share(middle, end),
      unit: '%',
      note: `from the second epoch on; ${share().toFixed(0)} % in the first`,
    },
    // The most of a whole process: it is known of the first run in it only.
    ...(name !== 'frames kept'
      ? []
      : [
          {
            name: 'peak memory beside the engine',
            value: memory.own / 2 ** 20,
            unit: 'MiB',
            note: `resident; the engine ${(memory.engine / 2 ** 20).toFixed(0)} MiB`,
          },
        ]),
  ]
}

/** Seconds of one core that a process has used, and its children that have ended. Linux only; else no number. */
async function coreSeconds(pid: number | 'self'): Promise<{ own: number; children: number }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // Behind the name, which may hold spaces: utime, stime, cutime and cstime are fields 14 to 17, in hundredths of a
  // second.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = NaN, system = NaN, childUser = NaN, childSystem = NaN] = fields.slice(11, 15)
  return { own: (user + system) / 100, children: (childUser + childSystem) / 100 }
}

async function peakMemory(pid: number | 'self'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? NaN) * 1024
}
