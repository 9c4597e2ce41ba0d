import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Precision } from '../../main/api/engine.ts'
import { Engine, forkLauncher, probeDevices } from '../../main/engine/index.ts'
import type { TensorValue, Tensors } from '../../main/engine/index.ts'
import { weightsFile, writeProgram } from '../../main/models/program-files.ts'
import { compare } from '../../main/models/verify/compare.ts'
import { syntheticVideo } from '../../main/models/verify/synthetic-video.ts'
import { writeSafetensors } from '../../native-models/checkpoints/index.ts'
import { inPrecision } from '../../native-models/graph/precision/precision.ts'
import type { Program } from '../../native-models/graph/program.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import type { Form } from '../../native-models/lfvila/form.ts'
import { encodeText, encodeVideo, forward } from '../../native-models/programs/index.ts'
import { activationBytes, bytesOf } from './activations.ts'
import { cheapRandomWeights, fullSizeConfig } from './full-size.ts'
import { timed } from './result.ts'
import type { BenchResult, BenchRow } from './result.ts'

const rounds = 5
const mebibyte = 2 ** 20

interface Subject { readonly name: string, readonly precisions: readonly Precision[], programs(form: Form): Readonly<Record<string, Program>> }

const config = fullSizeConfig()
const words = [1, config.clips, 50] as const

/** Of the retrieval model both encoders, as indexing and searching load them; of pre-training stage 2 everything at once. */
const subjects: readonly Subject[] = [
  {
    name: 'retrieval', precisions: ['fp32', 'fp16', 'int8'],
    programs: form => ({
      'one segment': encodeVideo(config, { batch: 1, input: 'uint8', localProjection: false, form }),
      'one paragraph': encodeText(config, { batch: 1, sentences: config.clips, length: words[2], localProjection: false }),
    }),
  },
  {
    name: 'pre-training stage 2', precisions: ['fp32'],
    programs: form => ({ 'segment and paragraph': forward(config, 'pretrain-stage2', { outputs: ['mlm.logits', 'vtm.logits'], video: [1, config.video.frames, ...config.video.inputSize, 3], text: words, form }) }),
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
      const parameters = new Map(Object.values(subject.programs('fused')).flatMap(program => program.parameters.map(parameter => [parameter.name, parameter])))
      await writeSafetensors(join(folder, weightsFile), [...parameters.values()].map(({ name, shape }) => ({ name, shape, read: () => cheapRandomWeights(name, shape) })))
      for (const device of devices) {
        let exact: Measured | null = null
        for (const precision of subject.precisions) {
          if (device.trials.find(trial => trial.precision === precision)?.milliseconds == null) continue
          const programs = Object.entries(subject.programs(device.id === 'cpu' ? 'fused' : 'explicit')).map(([what, program]) => ({ what, program: inPrecision(program, precision) }))
          const measured = await measure(programs, folder, device.id)
          exact ??= measured
          rows.push(...rowsOf(`${subject.name}, ${precision}, ${device.id}`, programs, measured, exact))
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return { rows }
}

interface Part { readonly what: string, readonly program: Program }
/** Seconds of all loads and of each part's fastest run; bytes of the process before and at most; results of each part. */
interface Measured { load: number, runs: number[], start: number, peak: number, outputs: Tensors[] }

/** Loads all parts into one engine, as the workbench does, and runs them in turn. */
async function measure(parts: readonly Part[], folder: string, device: string): Promise<Measured> {
  const engine = new Engine({ launch: forkLauncher(), device })
  try {
    const start = await engine.ping()
    const paths: string[] = []
    for (const [index, { program }] of parts.entries()) paths.push(await writeProgram(folder, `part-${index}`, program))
    const { seconds: load, result: sessions } = await timed(async () => Promise.all(paths.map(path => engine.load(path))))
    const outputs: Tensors[] = []
    const fastest = parts.map(() => Infinity)
    for (let round = 0; round < rounds; round++) {
      for (const [index, { program }] of parts.entries()) {
        const { seconds, result } = await timed(() => engine.run(sessions[index]!, feedsOf(program)))
        fastest[index] = Math.min(fastest[index]!, seconds)
        outputs[index] = result
      }
    }
    return { load, runs: fastest, start, peak: await peakMemory(engine.pid), outputs }
  } finally {
    await engine.close()
  }
}

function feedsOf(program: Program): Tensors {
  return Object.fromEntries(program.inputs.map(({ name, dtype, shape }) => [name, dtype === 'uint8'
    ? { dtype, dims: shape, data: syntheticVideo(1, shape, 0) }
    : { dtype: 'int32', dims: shape, data: Int32Array.from({ length: elementCount(shape) }, (_, index) => name === 'attentionMask' ? 1 : 1000 + 37 * index) }]))
}

/** The most memory a process ever held, in bytes; Linux keeps the count. */
async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN)
}

function rowsOf(name: string, parts: readonly Part[], measured: Measured, exact: Measured): BenchRow[] {
  const { load, runs, start, peak, outputs } = measured
  const parameters = [...new Map(parts.flatMap(({ program }) => program.parameters.map(parameter => [parameter.name, parameter]))).values()]
  const weights = parameters.reduce((sum, { dtype, shape }) => sum + bytesOf[dtype] * elementCount(shape), 0)
  const activations = Math.max(...parts.map(({ program }) => activationBytes(program)))
  const count = parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  return [
    { name: `${name}: load`, value: load, unit: 's', note: `${Math.round(count / 1e6)} million weights from a file; at most 10 s` },
    ...parts.map(({ what }, index) => ({
      name: `${name}: ${what}`, value: runs[index] ?? NaN, unit: 's',
      note: measured === exact ? `best of ${rounds}` : `best of ${rounds}; ${((exact.runs[index] ?? NaN) / (runs[index] ?? NaN)).toFixed(1)} × as fast as fp32, cosine ${leastCosine(outputs[index], exact.outputs[index]).toFixed(5)}`,
    })),
    { name: `${name}: most memory`, value: peak / mebibyte, unit: 'MiB', note: `of the engine's process, ${Math.round(start / mebibyte)} of it before the model` },
    { name: `${name}: memory ÷ weights and activations`, value: (peak - start) / (weights + activations), unit: '×', note: `${Math.round(weights / mebibyte)} and ${Math.round(activations / mebibyte)} MiB; without the process before the model; at most 1.3` },
  ]
}

function leastCosine(outputs: Tensors = {}, exact: Tensors = {}): number {
  const vector = ({ data }: TensorValue) => ({ shape: [data.length], data: data as Float32Array })
  return Math.min(...Object.entries(outputs).map(([name, output]) => compare(vector(output), vector(exact[name]!), null, null).cosine ?? NaN))
}
