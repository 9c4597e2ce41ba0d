import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { encodeVideo } from '../../../native-models/programs/encode-video.ts'
import { shippedModel } from '../../../native-models/starter/shipped.ts'
import type { BenchResult, BenchRow } from '../result.ts'
import { ownSteps, prepare } from '../training/training.ts'
import type { Measured, Size } from '../training/training.ts'
import { multiplicationsOf } from './matrix-products.ts'

interface StarterConfig {
  readonly VideoEncoder: { readonly window_size: readonly (readonly [frames: number, rows: number, columns: number])[] }
  readonly DATA: { readonly sample_frame: number }
  readonly TRAINING: object
}

/**
 * What the paper's claims cost, in the starter's size: a step of pre-training stage 1 with and without MTC, and under
 * temporal windows that all have the length of two frames or of the whole video instead of growing from layer to layer.
 */
export async function benchAblation(): Promise<BenchResult> {
  const { config } = await shippedModel('starter')
  const model = config.model as StarterConfig
  const windows = (frames: number) => ({
    ...model,
    VideoEncoder: {
      ...model.VideoEncoder,
      window_size: model.VideoEncoder.window_size.map(([, rows, columns]) => [frames, rows, columns]),
    },
  })
  const variants = {
    'as it ships (HTWA, MTC)': model,
    'without MTC': { ...model, TRAINING: { ...model.TRAINING, ct_time_loss_weight: 0 } },
    'all windows two frames': windows(2),
    'all windows the whole video': windows(model.DATA.sample_frame),
  }
  const rows: BenchRow[] = []
  let shipped: Measured | null = null
  for (const [name, variant] of Object.entries(variants)) {
    const size: Size = {
      name,
      kind: 'pretrain-stage1',
      batch: 8,
      steps: 5,
      config: { model: variant, bert: config.bert },
    }
    const measured = await measure(size)
    shipped ??= measured
    const multiplications = multiplicationsOf(
      encodeVideo(parseConfig(variant, config.bert), {
        batch: 1,
        input: 'uint8',
        localProjection: true,
        form: 'explicit',
      }),
    )
    rows.push(
      {
        name: `Step of pre-training, ${name}`,
        value: measured.seconds,
        unit: 's',
        note: `B = ${size.batch}; ${(multiplications / 1e9).toFixed(3)} GMAC to encode a video; CPU, ${availableParallelism()} cores, best of ${size.steps}`,
      },
      {
        name: `÷ as it ships, time, ${name}`,
        value: measured.seconds / shipped.seconds,
        unit: '×',
      },
      {
        name: `÷ as it ships, peak memory, ${name}`,
        value: measured.memory / shipped.memory,
        unit: '×',
        note: `${(measured.memory / 2 ** 20).toFixed(0)} MiB, engine process`,
      },
    )
  }
  return { rows }
}

async function measure(size: Size): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-ablation-'))
  try {
    return await ownSteps(folder, size, await prepare(folder, size), 'all')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
