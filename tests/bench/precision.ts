import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Precision } from '../../main/api/engine.ts'
import { Engine, forkLauncher, probeDevices } from '../../main/engine/index.ts'
import type { Tensors } from '../../main/engine/index.ts'
import { weightsFile, writeProgram } from '../../main/models/program-files.ts'
import { compare } from '../../main/models/verify/compare.ts'
import { syntheticVideo } from '../../main/models/verify/synthetic-video.ts'
import { writeSafetensors } from '../../native-models/checkpoints/index.ts'
import { inPrecision } from '../../native-models/graph/precision/precision.ts'
import type { Program } from '../../native-models/graph/program.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import { encodeText, encodeVideo, forward } from '../../native-models/programs/index.ts'
import { activationBytes, bytesOf } from './activations.ts'
import { cheapRandomWeights, fullSizeConfig } from './full-size.ts'
import { timed } from './result.ts'
import type { BenchResult, BenchRow } from './result.ts'

const runs = 5
const mebibyte = 2 ** 20

interface Subject { readonly name: string, readonly precisions: readonly Precision[], program(device: string): Program }

const config = fullSizeConfig()
const words = [1, config.clips, 50] as const

/** Of the retrieval model its two towers, as indexing and searching load them; of pre-training stage 2 all at once. */
const subjects: readonly Subject[] = [
  {
    name: 'video encoder', precisions: ['fp32', 'fp16', 'int8'],
    program: device => encodeVideo(config, { batch: 1, input: 'uint8', localProjection: false, form: device === 'cpu' ? 'fused' : 'explicit' }),
  },
  { name: 'text encoder', precisions: ['fp32', 'fp16', 'int8'], program: () => encodeText(config, { batch: 1, sentences: config.clips, length: words[2], localProjection: false }) },
  {
    name: 'pre-training stage 2', precisions: ['fp32'],
    program: () => forward(config, 'pretrain-stage2', { outputs: ['videoGlobal', 'textGlobal', 'mlm.logits', 'vtm.logits'], video: [1, config.video.frames, ...config.video.inputSize, 3], text: words }),
  },
]

/**
 * The model at full size on every device that is quicker than imitating it: how long it takes to load, how long a run is, how much
 * memory the engine's process takes at most, and how near each precision is to fp32.
 */
export async function benchPrecision(): Promise<BenchResult> {
  const launch = forkLauncher()
  const devices = (await probeDevices({ launch })).filter(({ usable, reason }) => usable && reason === null)
  const rows: BenchRow[] = []
  for (const subject of subjects) {
    const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-precision-'))
    try {
      const { parameters } = subject.program('cpu')
      await writeSafetensors(join(folder, weightsFile), parameters.map(({ name, shape }) => ({ name, shape, read: () => cheapRandomWeights(name, shape) })))
      for (const device of devices) {
        let exact: Tensors | null = null
        for (const precision of subject.precisions) {
          if (device.trials.find(trial => trial.precision === precision)?.milliseconds == null) continue
          const program = inPrecision(subject.program(precision === 'fp16' ? 'gpu' : device.id), precision)
          const measured = await measure(await writeProgram(folder, `${device.id}-${precision}`, program), program, device.id)
          exact ??= measured.outputs
          rows.push(...rowsOf(`${subject.name}, ${precision}, ${device.id}`, program, measured, exact))
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return { rows }
}

interface Measured { load: number, run: number, start: number, peak: number, outputs: Tensors }

async function measure(path: string, program: Program, device: string): Promise<Measured> {
  const engine = new Engine({ launch: forkLauncher(), device })
  try {
    const start = await engine.ping()
    const { seconds: load, result: session } = await timed(() => engine.load(path))
    const feeds: Tensors = Object.fromEntries(program.inputs.map(({ name, dtype, shape }) => [name, dtype === 'uint8'
      ? { dtype, dims: shape, data: syntheticVideo(1, shape, 0) }
      : { dtype: 'int32', dims: shape, data: Int32Array.from({ length: elementCount(shape) }, (_, index) => name === 'attentionMask' ? 1 : 1000 + 37 * index) }]))
    let outputs: Tensors = {}
    let run = Infinity
    for (let round = 0; round < runs; round++) {
      const { seconds, result } = await timed(() => engine.run(session, feeds))
      run = Math.min(run, seconds)
      outputs = result
    }
    return { load, run, start, peak: await peakMemory(engine.pid), outputs }
  } finally {
    await engine.close()
  }
}

/** The most memory a process ever held, in bytes; Linux keeps the count. */
async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN)
}

function rowsOf(name: string, program: Program, { load, run, start, peak, outputs }: Measured, exact: Tensors): BenchRow[] {
  const weights = program.parameters.reduce((sum, { dtype, shape }) => sum + bytesOf[dtype] * elementCount(shape), 0)
  const activations = activationBytes(program)
  const count = program.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  const cosines = Object.entries(outputs).map(([output, { data }]) => {
    const vector = (values: ArrayLike<number>) => ({ shape: [values.length], data: Float32Array.from(values) })
    return compare(vector(data as Float32Array), vector(exact[output]?.data as Float32Array), null, null).cosine ?? NaN
  })
  return [
    { name: `${name}: load`, value: load, unit: 's', note: `${Math.round(count / 1e6)} million weights from a file, at most 10 s wanted` },
    { name: `${name}: one run`, value: run, unit: 's', note: `best of ${runs}${exact === outputs ? '' : `; cosine with fp32 ${Math.min(...cosines).toFixed(5)}`}` },
    { name: `${name}: most memory`, value: peak / mebibyte, unit: 'MiB', note: `of the engine's process, ${Math.round(start / mebibyte)} of it before the model` },
    { name: `${name}: memory ÷ weights and activations`, value: (peak - start) / (weights + activations), unit: '×', note: `${Math.round(weights / mebibyte)} and ${Math.round(activations / mebibyte)} MiB; without the process itself; wanted: at most 1.3` },
  ]
}
