import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Precision } from '../../../main/api/engine.ts'
import { probeDevices } from '../../../main/engine/devices/devices.ts'
import { Engine } from '../../../main/engine/engine.ts'
import type { SessionKey } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import type { TensorValue } from '../../../main/engine/onnxruntime.ts'
import type { Tensors } from '../../../main/engine/protocol.ts'
import { weightsFile } from '../../../main/model-folder/model-file.ts'
import { compare } from '../../../main/models/parity-check/compare.ts'
import { syntheticVideo } from '../../../main/models/parity-check/synthetic-video.ts'
import { writeProgram } from '../../../main/programs/program-files.ts'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { inPrecision } from '../../../native-models/graph/precision/precision.ts'
import type { Program } from '../../../native-models/graph/program.ts'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import type { Form } from '../../../native-models/lfvila/configuration/form.ts'
import { encodeText } from '../../../native-models/programs/encode-text.ts'
import { encodeVideo } from '../../../native-models/programs/encode-video.ts'
import { forward } from '../../../native-models/programs/forward.ts'
import { timed } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'
import { activationBytes, bytesOf } from './activations.ts'
import { cheapRandomWeights, fullSizeConfig } from './full-size.ts'

const rounds = 7
const mebibyte = 2 ** 20

interface Subject {
  readonly name: string
  readonly precisions: readonly Precision[]
  programs(form: Form): Readonly<Record<string, Program>>
}

const config = fullSizeConfig()
const words = [1, config.clips, 50] as const

/**
 * Of the retrieval model both encoders, as indexing and searching load them; of pre-training stage 2 everything at
 * once.
 */
const subjects: readonly Subject[] = [
  {
    name: 'retrieval',
    precisions: ['fp32', 'fp16', 'int8'],
    programs: form => ({
      'one segment': encodeVideo(config, { batch: 1, input: 'uint8', localProjection: false, form }),
      'one paragraph': encodeText(config, {
        batch: 1,
        sentences: config.clips,
        length: words[2],
        localProjection: false,
      }),
    }),
  },
  {
    name: 'pre-training stage 2',
    precisions: ['fp32'],
    programs: form => ({
      'segment and paragraph': forward(config, 'pretrain-stage2', {
        outputs: ['mlm.logits', 'vtm.logits'],
        video: [1, config.video.frames, ...config.video.inputSize, 3],
        text: words,
        form,
      }),
    }),
  },
]

/**
 * The model at full size on every device that is quicker than imitating it: how long it takes to load, how long a run
 * is, how much memory the engine's process takes at most, and how near each precision is to fp32.
 */
export async function benchPrecision(): Promise<BenchResult> {
  const launch = forkLauncher()
  const devices = (await probeDevices({ launch })).filter(({ usable, reason }) => usable && reason === null)
  const rows: BenchRow[] = []
  for (const subject of subjects) {
    const folder = await mkdtemp(join(tmpdir(), 'lfvila-bench-precision-'))
    try {
      const parameters = new Map(
        Object.values(subject.programs('fused')).flatMap(program =>
          program.parameters.map(parameter => [parameter.name, parameter]),
        ),
      )
      await writeSafetensors(
        join(folder, weightsFile),
        [...parameters.values()].map(({ name, shape }) => ({
          name,
          shape,
          read: () => cheapRandomWeights(name, shape),
        })),
      )
      for (const device of devices) {
        const precisions = subject.precisions.filter(precision =>
          device.trials.some(trial => trial.precision === precision && trial.problem === null),
        )
        const variants: Variant[] = []
        try {
          for (const precision of precisions) variants.push(await openVariant(subject, precision, device.id, folder))
          // They take turns, so that a busy moment of the machine decides nothing.
          for (let round = 0; round < rounds; round++) for (const variant of variants) await runOnce(variant)
          const [exact] = variants
          for (const variant of variants) {
            rows.push(
              ...(await rowsOf(`${subject.name}, ${variant.precision}, ${device.id}`, variant, exact ?? variant)),
            )
          }
        } finally {
          for (const { engine } of variants) await engine.close()
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return { rows }
}

interface Part {
  readonly what: string
  readonly program: Program
  readonly session: SessionKey
  fastest: number
  outputs: Tensors
}

/**
 * A model in one precision, all its parts in an engine of its own. `load` in seconds, `start` in bytes of the process
 * before it.
 */
interface Variant {
  readonly precision: Precision
  readonly engine: Engine
  readonly start: number
  readonly load: number
  readonly parts: readonly Part[]
}

async function openVariant(
  { programs }: Subject,
  precision: Precision,
  device: string,
  folder: string,
): Promise<Variant> {
  const written: { what: string; program: Program; path: string }[] = []
  for (const [index, [what, exact]] of Object.entries(programs(device === 'cpu' ? 'fused' : 'explicit')).entries()) {
    const program = inPrecision(exact, precision)
    written.push({ what, program, path: await writeProgram(folder, `${device}-${precision}-${index}`, program) })
  }
  const engine = new Engine({ launch: forkLauncher(), device })
  const start = await engine.ping()
  const { seconds: load, result: sessions } = await timed(() =>
    Promise.all(written.map(({ path }) => engine.load(path))),
  )
  return {
    precision,
    engine,
    start,
    load,
    parts: written.map(({ what, program }, index) => ({
      what,
      program,
      session: sessions[index]!,
      fastest: Infinity,
      outputs: {},
    })),
  }
}

async function runOnce({ engine, parts }: Variant): Promise<void> {
  for (const part of parts) {
    const { seconds, result } = await timed(() => engine.run(part.session, feedsOf(part.program)))
    part.fastest = Math.min(part.fastest, seconds)
    part.outputs = result
  }
}

function feedsOf(program: Program): Tensors {
  return Object.fromEntries(
    program.inputs.map(({ name, dtype, shape }) => [
      name,
      dtype === 'uint8'
        ? { dtype, dims: shape, data: syntheticVideo(1, shape, 0) }
        : {
            dtype: 'int32',
            dims: shape,
            data: Int32Array.from({ length: elementCount(shape) }, (_, index) =>
              name === 'attentionMask' ? 1 : 1000 + 37 * index,
            ),
          },
    ]),
  )
}

/** The most memory a process ever held, in bytes; Linux keeps the count. */
async function peakMemory(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN)
}

async function rowsOf(name: string, variant: Variant, exact: Variant): Promise<BenchRow[]> {
  const { engine, start, load, parts } = variant
  const peak = await peakMemory(engine.pid)
  const parameters = [
    ...new Map(
      parts.flatMap(({ program }) => program.parameters.map(parameter => [parameter.name, parameter])),
    ).values(),
  ]
  const weights = parameters.reduce((sum, { dtype, shape }) => sum + bytesOf[dtype] * elementCount(shape), 0)
  const activations = Math.max(...parts.map(({ program }) => activationBytes(program)))
  const count = parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  return [
    {
      name: `${name}: load`,
      value: load,
      unit: 's',
      note: `${Math.round(count / 1e6)} million weights from a file; at most 10 s`,
    },
    ...parts.map(({ what, fastest, outputs }, index) => {
      const other = exact.parts[index]
      const against =
        variant === exact
          ? ''
          : `; ${((other?.fastest ?? NaN) / fastest).toFixed(1)} × as fast as fp32, cosine ${leastCosine(outputs, other?.outputs).toFixed(5)}`
      return { name: `${name}: ${what}`, value: fastest, unit: 's', note: `best of ${rounds}${against}` }
    }),
    {
      name: `${name}: most memory`,
      value: peak / mebibyte,
      unit: 'MiB',
      note: `of the engine's process, ${Math.round(start / mebibyte)} of it before the model`,
    },
    {
      name: `${name}: memory ÷ weights and activations`,
      value: (peak - start) / (weights + activations),
      unit: '×',
      note: `${Math.round(weights / mebibyte)} and ${Math.round(activations / mebibyte)} MiB; without the process before the model; fp32: at most 1.3`,
    },
  ]
}

function leastCosine(outputs: Tensors = {}, exact: Tensors = {}): number {
  const vector = ({ data }: TensorValue) => ({ shape: [data.length], data: data as Float32Array })
  return Math.min(
    ...Object.entries(outputs).map(
      ([name, output]) =>
        compare(vector(output), vector(exact[name]!), { tolerance: null, relativeTolerance: null }).cosine ?? NaN,
    ),
  )
}
