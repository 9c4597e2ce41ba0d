import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher, keepsMemory } from '../../../main/engine/launcher.ts'
import type { Tensors } from '../../../main/engine/protocol.ts'
import { weightsFile } from '../../../main/model-folder/model-file.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { writeProgram } from '../../../main/programs/program-files.ts'
import { Trainer } from '../../../main/training/steps/trainer.ts'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { LfVilaKind } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { models } from '../../../native-models/lfvila/models/models.ts'
import { makeTrainStep } from '../../../native-models/training/train-step.ts'
import { cheapRandomWeights, fullSizeModelConfig } from '../engine/full-size.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

export interface Size {
  readonly name: string
  readonly kind: LfVilaKind
  readonly batch: number
  /** Measured steps, after one that is not measured; the fastest counts. */
  readonly steps: number
  readonly config: { readonly model: unknown; readonly bert: unknown }
}

const fixture = fileURLToPath(new URL('../../fixtures/tiny-a', import.meta.url))
const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(fixture, file), 'utf8'))
const [sentences, length] = [4, 50]

/**
 * A training step of the retrieval model — forward, backward, AdamW, every weight — against the same in eager PyTorch
 * on the same cores with the same weights and inputs, and epochs of the heads alone with and without what is frozen
 * being kept. `LFVILA_BENCH_TRAINING=tiny` leaves out the full size, which needs 8 GB and some minutes.
 */
export async function benchTraining(): Promise<BenchResult> {
  const sizes: Size[] = [
    {
      name: 'tiny-a, B = 8',
      kind: 'retrieval',
      batch: 8,
      steps: 6,
      config: { model: await json('model_config.json'), bert: await json('bert_config.json') },
    },
  ]
  if (process.env.LFVILA_BENCH_TRAINING !== 'tiny') {
    const bert = {
      vocab_size: 30522,
      hidden_size: 1024,
      num_attention_heads: 16,
      num_hidden_layers: 24,
      intermediate_size: 4096,
      max_position_embeddings: 512,
    }
    sizes.push({
      name: 'full size, B = 1',
      kind: 'retrieval',
      batch: 1,
      steps: 2,
      config: { model: { ...fullSizeModelConfig, num_local_layers: 8, stage1_layers: 12 }, bert },
    })
  }
  const rows: BenchRow[] = []
  for (const size of sizes) rows.push(...(await benchSize(size)))
  return { rows }
}

async function benchSize(size: Size): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-training-'))
  try {
    const inputs = await prepare(folder, size)
    const own = await ownSteps(folder, size, inputs, 'all')
    const rows: BenchRow[] = [
      {
        name: `Training step, ${size.name}`,
        value: own.seconds,
        unit: 's',
        note: `retrieval, every weight; CPU, ${availableParallelism()} cores, best of ${size.steps}`,
      },
      {
        name: `Its peak memory, ${size.name}`,
        value: own.memory / 2 ** 20,
        unit: 'MiB',
        note: 'resident, engine process; weights, gradients and moments included',
      },
      ...(await eagerRows(folder, size, own)),
    ]
    const heads = await ownSteps(folder, size, inputs, 'heads')
    const kept = await ownSteps(folder, size, inputs, 'heads from kept values')
    rows.push({
      name: `Heads alone: end to end ÷ from what was kept, ${size.name}`,
      value: heads.seconds / kept.seconds,
      unit: '×',
      note: `${heads.seconds.toFixed(2)} s and ${kept.seconds.toFixed(4)} s a step; at least 10`,
    })
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Random weights and inputs of a size, in a folder also for {@link eagerRows}. @returns the inputs of a step. */
export async function prepare(folder: string, { kind, batch, config }: Size): Promise<Tensors> {
  const parsed = parseConfig(config.model, config.bert)
  const shape = [batch, parsed.video.frames, ...parsed.video.inputSize, 3] as [number, number, number, number, number]
  const loss = models[kind](parsed, { video: shape, text: [batch, sentences, length] }).loss
  if (!loss) throw new Error('the model has no loss')
  await writeSafetensors(
    join(folder, weightsFile),
    makeProgram('loss', { loss: loss() }).parameters.map(({ name, shape }) => ({
      name,
      shape,
      read: () => cheapRandomWeights(name, shape),
    })),
  )
  const frames = Array.from({ length: batch }, (_, sample) => syntheticVideo(1, shape, sample))
  const all = new Uint8Array(frames.reduce((sum, one) => sum + one.length, 0))
  for (const [sample, one] of frames.entries()) all.set(one, sample * one.length)
  const words = batch * sentences * length
  const textIds = Int32Array.from({ length: words }, (_, place) => 1 + ((place * 37) % 400))
  const attentionMask = Int32Array.from({ length: words }, (_, place) => (place % length < 30 ? 1 : 0))
  const nested = (values: Int32Array): number[][][] =>
    Array.from({ length: batch }, (_b, b) =>
      Array.from({ length: sentences }, (_m, m) =>
        Array.from(values.subarray((b * sentences + m) * length, (b * sentences + m + 1) * length)),
      ),
    )
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  await writeFile(
    join(folder, 'inputs.json'),
    JSON.stringify({ shape, textIds: nested(textIds), attentionMask: nested(attentionMask) }),
  )
  await writeFile(join(folder, 'video.u8'), all)
  const text = { dtype: 'int32' as const, dims: [batch, sentences, length] }
  const places = (count: number): Tensors[string] => ({
    dtype: 'int32',
    dims: [batch, count],
    data: Int32Array.from({ length: batch * count }, (_, place) => place % count),
  })
  const { keys, values } = parsed.loss
  return {
    ...(kind === 'pretrain-stage1' && {
      keyIndices: places(keys),
      valueIndices: places(values),
      otherNegativeIndices: { dtype: 'int32', dims: [batch], data: new Int32Array(batch) },
    }),
    video: { dtype: 'uint8', dims: shape, data: all },
    textIds: { ...text, data: textIds },
    attentionMask: { ...text, data: attentionMask },
  }
}

export interface Measured {
  readonly seconds: number
  readonly memory: number
  readonly losses: readonly number[]
}

export async function ownSteps(
  folder: string,
  { kind, batch, config, steps }: Size,
  inputs: Tensors,
  what: 'all' | 'heads' | 'heads from kept values',
): Promise<Measured> {
  const parsed = parseConfig(config.model, config.bert)
  const step = makeTrainStep(parsed, kind, {
    shapes: { video: [batch, parsed.video.frames, ...parsed.video.inputSize, 3], text: [batch, sentences, length] },
    trains: name => what === 'all' || name.includes('_proj'),
    keepFrozen: what === 'heads from kept values' ? 'everything' : null,
  })
  const engine = new Engine({ launch: forkLauncher(), environment: keepsMemory })
  const weights = await openCheckpoint(join(folder, weightsFile))
  try {
    const programs = {
      gradients: await writeProgram(folder, 'gradients', step.gradients),
      update: await writeProgram(folder, 'update', step.update),
    }
    const trainer = await Trainer.open(engine, step, {
      programs,
      weight: async name => (await weights.tensors.get(name)?.read()) as Float32Array,
    })
    const kept = step.gradients.inputs
      .filter(({ name }) => name.startsWith('kept.'))
      .map(({ name, shape }): [string, Tensors[string]] => [
        name,
        {
          dtype: 'float32',
          dims: [...shape],
          data: new Float32Array(elementCount(shape)).fill(0.1),
        },
      ])
    const feeds = kept.length > 0 ? Object.fromEntries(kept) : inputs
    const losses: number[] = []
    let fastest = Infinity
    for (let index = 0; index <= steps; index++) {
      const { seconds, result } = await timed(async () => {
        const { values } = await trainer.accumulate(feeds, 1)
        await trainer.update({ step: index + 1, learningRate: 5e-5, weightDecay: 0.05, clipNorm: null })
        return values.loss ?? NaN
      })
      losses.push(result)
      if (index > 0) fastest = Math.min(fastest, seconds)
    }
    return { seconds: fastest, memory: await peakMemory(engine), losses }
  } finally {
    await weights.close()
    await engine.close()
  }
}

/** Most bytes ever resident, where the system says so; else what is resident now. */
async function peakMemory(engine: Engine): Promise<number> {
  const status = await readFile(`/proc/${engine.pid}/status`, 'utf8').catch(() => '')
  const [, kibibytes] = /^VmHWM:\s+(\d+)/m.exec(status) ?? []
  return kibibytes === undefined ? engine.ping() : Number(kibibytes) * 1024
}

const eagerReport = z.object({
  seconds: z.array(z.number()).min(1),
  losses: z.array(z.number()),
  threads: z.number(),
  torch: z.string(),
  memory: z.number(),
})

async function eagerRows(folder: string, { name, steps }: Size, own: Measured): Promise<BenchRow[]> {
  const python = process.env.LFVILA_BENCH_PYTHON ?? '/usr/bin/python3'
  const script = fileURLToPath(new URL('training_eager.py', import.meta.url))
  const files = ['config.json', weightsFile, 'inputs.json', 'video.u8'].map(file => join(folder, file))
  try {
    const { stdout } = await promisify(execFile)(python, [script, ...files, String(steps + 1)], { maxBuffer: 2 ** 26 })
    const { seconds, losses, threads, torch, memory } = eagerReport.parse(JSON.parse(stdout))
    const fastest = Math.min(...seconds.slice(1))
    const difference = losses.reduce(
      (largest, loss, index) => Math.max(largest, Math.abs(loss - (own.losses[index] ?? NaN))),
      0,
    )
    return [
      {
        name: `PyTorch eager, ${name}`,
        value: fastest,
        unit: 's',
        note: `torch ${torch}, ${threads} threads; losses of ${losses.length} steps differ by at most ${difference.toExponential(1)}`,
      },
      { name: `Ours ÷ eager, time, ${name}`, value: own.seconds / fastest, unit: '×', note: 'wanted: at most 0.85' },
      {
        name: `Ours ÷ eager, peak memory, ${name}`,
        value: own.memory / memory,
        unit: '×',
        note: `eager ${(memory / 2 ** 20).toFixed(0)} MiB; wanted: at most 1`,
      },
    ]
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1)
    return [{ name: `PyTorch eager, ${name}`, value: NaN, unit: 's', note: `not measured: ${reason}` }]
  }
}
