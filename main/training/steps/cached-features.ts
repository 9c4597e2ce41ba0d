import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { elementCount } from '../../../native-models/graph/tensor.ts'
import type { Engine, SessionKey } from '../../engine/engine.ts'
import type { Signature, TensorValue } from '../../engine/onnxruntime.ts'
import type { Tensors } from '../../engine/protocol.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'
import { clipsIn, videosOf } from '../data/examples/example.ts'
import type { Example } from '../data/examples/example.ts'
import { joinedTensors } from './batch-tensors.ts'

interface Opening {
  readonly engine: Engine
  /** The frozen parts as ONNX, for one example. */
  readonly programs: readonly string[]
  readonly signal: AbortSignal
}

/** What the model is fed for one example. */
type ReadExample = (withFrames: boolean) => Promise<Tensors>

interface FrozenPart {
  readonly session: SessionKey
  readonly signature: Signature
}

/**
 * What the frozen parts of a model make of each example, computed once and kept on the disk: one file of float32 values
 * for a part and an example, its tensors one after another. Of a part that reads no text, all texts of a video share
 * one file. Later epochs read no frame of the video.
 */
export class CachedFeatures {
  readonly #folder: string
  readonly #engine: Engine
  readonly #parts: readonly FrozenPart[]
  readonly #computing = new Map<string, Promise<Tensors>>()

  private constructor(
    folder: string,
    { engine, parts }: { readonly engine: Engine; readonly parts: readonly FrozenPart[] },
  ) {
    this.#folder = folder
    this.#engine = engine
    this.#parts = parts
  }

  static async open(folder: string, { engine, programs, signal }: Opening): Promise<CachedFeatures> {
    await mkdir(folder, { recursive: true })
    const parts: FrozenPart[] = []
    for (const program of programs) {
      const session = await engine.load(program, {}, signal)
      parts.push({ session, signature: await engine.describe(session, signal) })
    }
    return new CachedFeatures(folder, { engine, parts })
  }

  /**
   * The features of one example, by name.
   * @param read the example, with or without its frames, as far as it was not computed before. @throws what it throws.
   */
  async of(example: Example, read: ReadExample, signal: AbortSignal): Promise<Tensors> {
    const all: Tensors = {}
    for (const part of this.#parts) Object.assign(all, await this.#ofPart(part, { example, read, signal }))
    return all
  }

  async #ofPart(
    part: FrozenPart,
    { example, read, signal }: { readonly example: Example; readonly read: ReadExample; readonly signal: AbortSignal },
  ): Promise<Tensors> {
    const { inputs, outputs } = part.signature
    const isOfVideo = inputs.every(({ name }) => name === 'video')
    const feeds = () => read(inputs.some(({ name }) => name === 'video'))
    const key = JSON.stringify([outputs, isOfVideo ? shownOf(example) : example])
    const going = this.#computing.get(key)
    if (going) return going
    const features = this.#of(part, { key, feeds, signal })
    this.#computing.set(key, features)
    try {
      return await features
    } finally {
      this.#computing.delete(key)
    }
  }

  async #of(
    { session, signature }: FrozenPart,
    {
      key,
      feeds,
      signal,
    }: { readonly key: string; readonly feeds: () => Promise<Tensors>; readonly signal: AbortSignal },
  ): Promise<Tensors> {
    const file = join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.f32`)
    const known = await readFile(file).catch(() => null)
    if (known) return tensorsOf(signature, new Float32Array(new Uint8Array(known).buffer))
    const computed = await this.#engine.run(session, await feeds(), { signal })
    const parts = signature.outputs.map(({ name }) => floats(computed[name]))
    await writeFileAtomic(
      file,
      Buffer.concat(parts.map(part => Buffer.from(part.buffer, part.byteOffset, part.byteLength))),
    )
    return computed
  }

  /** Of several examples, one after the other along the first axis. */
  together(examples: readonly Tensors[]): Tensors {
    return joinedTensors(examples)
  }
}

function tensorsOf({ outputs }: Signature, values: Float32Array): Tensors {
  let index = 0
  return Object.fromEntries(
    outputs.map(({ name, shape }) => {
      const dims = shape.map(Number)
      const length = elementCount(dims)
      const data = values.slice(index, (index += length))
      return [name, { dtype: 'float32', dims, data } satisfies TensorValue]
    }),
  )
}

/** The parts of videos that the frames of an example are of. */
function shownOf({ content }: Example): object {
  return { videos: videosOf(content), clips: clipsIn(content).map(({ video }) => video) }
}

function floats(tensor: TensorValue | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the frozen part gave no float32 tensor')
  return tensor.data
}
