import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { createSession } from '../../../main/engine/onnxruntime.ts'
import type { TensorValue } from '../../../main/engine/onnxruntime.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { readSafetensorsLayout, writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { toOnnx } from '../../../native-models/graph/onnx.ts'
import { encodeVideo } from '../../../native-models/programs/encode-video.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'
import { cheapRandomWeights, fullSizeConfig, fullSizeModelConfig } from './full-size.ts'
import { productsOf } from './matrix-products.ts'
import type { Product } from './matrix-products.ts'

/**
 * Encoder and products take turns; the fastest of each counts, so that a busy moment of the machine decides nothing.
 */
const rounds = 7

/**
 * The video encoder at full size with random weights, on the CPU: against the sum of its own matrix products, each
 * run alone, and against the same architecture in eager PyTorch where `python3` has torch.
 */
export async function benchEncoder(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-encoder-'))
  try {
    const options = { batch: 1, input: 'uint8', localProjection: false, form: 'fused' } as const
    const program = encodeVideo(fullSizeConfig(), options)
    const weights = join(folder, 'weights.safetensors')
    await writeSafetensors(
      weights,
      program.parameters.map(({ name, shape }) => ({ name, shape, read: () => cheapRandomWeights(name, shape) })),
    )
    const layout = await readSafetensorsLayout(weights)
    const model = join(folder, 'encode-video.onnx')
    await writeFile(
      model,
      toOnnx(program, name => {
        const { offset = 0, length = 0 } = layout.get(name) ?? {}
        return { external: { location: 'weights.safetensors', offset, length } }
      }),
    )
    const [video] = program.inputs
    if (!video) throw new Error('the encoder has no input')
    const frames = syntheticVideo(1, video.shape, 0)
    const products = await productsOf(encodeVideo(fullSizeConfig(), { ...options, form: 'explicit' }))
    const measured = await measure(model, { dtype: 'uint8', dims: [...video.shape], data: frames }, products)
    const multiplications = products.reduce((sum, product) => sum + product.count * product.multiplications, 0)
    await writeFile(join(folder, 'config.json'), JSON.stringify(fullSizeModelConfig))
    await writeFile(join(folder, 'video.u8'), frames)
    const cores = availableParallelism()
    return {
      rows: [
        {
          name: 'Video encoder, full size, one segment',
          value: measured.encoder.wall,
          unit: 's',
          note: `32 × 192 × 320, ${(multiplications / 1e9).toFixed(1)} GMAC, CPU, ${cores} cores, best of ${rounds}`,
        },
        {
          name: 'Its matrix products alone',
          value: measured.products.wall,
          unit: 's',
          note: `${products.length} distinct products, each run by itself as often as the encoder computes it`,
        },
        {
          name: 'Encoder ÷ its matrix products',
          value: measured.encoder.wall / measured.products.wall,
          unit: '×',
          note: `at most 1.25; by processor time ${(measured.encoder.processor / measured.products.processor).toFixed(2)}, which other programs disturb less`,
        },
        ...(await eagerRows(folder, measured)),
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Wall-clock and processor seconds. */
interface Cost {
  wall: number
  processor: number
}

interface Measured {
  encoder: Cost
  products: Cost
  embedding: Float32Array
}

async function measure(model: string, video: TensorValue, products: readonly Product[]): Promise<Measured> {
  const session = await createSession(model)
  try {
    const [encoder, alone]: [Cost[], Cost[]] = [[], []]
    let embedding = new Float32Array()
    // One round more, unmeasured: the first run of a session allocates.
    for (let round = 0; round <= rounds; round++) {
      const whole = await cost(async () => {
        embedding = (await session.run({ video })).videoGlobal?.data as Float32Array<ArrayBuffer>
      })
      // Every product as often as the encoder computes it, so that both last equally long and meet the same
      // disturbances.
      const parts = await cost(async () => {
        for (const product of products) for (let run = 0; run < product.count; run++) await product.run()
      })
      if (round > 0) {
        encoder.push(whole)
        alone.push(parts)
      }
    }
    return { encoder: best(encoder), products: best(alone), embedding }
  } finally {
    await session.dispose()
    for (const product of products) await product.dispose()
  }
}

async function cost(action: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage()
  const { seconds } = await timed(action)
  const { user, system } = process.cpuUsage(before)
  return { wall: seconds, processor: (user + system) / 1e6 }
}

const best = (costs: readonly Cost[]): Cost => ({
  wall: Math.min(...costs.map(({ wall }) => wall)),
  processor: Math.min(...costs.map(({ processor }) => processor)),
})

const eagerReport = z.object({
  seconds: z.array(z.number()).min(1),
  threads: z.number(),
  torch: z.string(),
  videoGlobal: z.array(z.number()),
})

async function eagerRows(folder: string, measured: Measured): Promise<BenchRow[]> {
  const python = process.env.LFVILA_BENCH_PYTHON ?? '/usr/bin/python3'
  const script = fileURLToPath(new URL('encoder_eager.py', import.meta.url))
  const files = ['config.json', 'weights.safetensors', 'video.u8'].map(name => join(folder, name))
  try {
    const { stdout } = await promisify(execFile)(python, [script, ...files, String(rounds)], { maxBuffer: 2 ** 26 })
    const { seconds, threads, torch, videoGlobal } = eagerReport.parse(JSON.parse(stdout))
    const fastest = Math.min(...seconds)
    const difference = videoGlobal.reduce(
      (largest, value, index) => Math.max(largest, Math.abs(value - (measured.embedding[index] ?? NaN))),
      0,
    )
    return [
      {
        name: 'PyTorch eager, same weights and video',
        value: fastest,
        unit: 's',
        note: `torch ${torch}, ${threads} threads, best of ${rounds}; embeddings differ by at most ${difference.toExponential(1)}`,
      },
      {
        name: 'PyTorch eager ÷ encoder',
        value: fastest / measured.encoder.wall,
        unit: '×',
        note: 'needs OpenBLAS to be a fair opponent',
      },
    ]
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1)
    return [{ name: 'PyTorch eager, same weights and video', value: NaN, unit: 's', note: `not measured: ${reason}` }]
  }
}
