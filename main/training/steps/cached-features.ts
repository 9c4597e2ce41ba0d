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
  /** The frozen part as ONNX, for one example. */
  readonly program: string
  readonly signal: AbortSignal
}

/**
 * What the frozen part of a model makes of each example, computed once and kept on the disk: one file of float32 values
 * an example, its tensors one after another. Where the frozen part reads no text, all texts of a video share one file.
 * Later epochs read no frame of the video.
 */
export class CachedFeatures {
  readonly #folder: string
  readonly #engine: Engine
  readonly #session: SessionKey
  readonly #signature: Signature
  readonly #computing = new Map<string, Promise<Tensors>>()

  private constructor(
    folder: string,
    {
      engine,
      session,
      signature,
    }: { readonly engine: Engine; readonly session: SessionKey; readonly signature: Signature },
  ) {
    this.#folder = folder
    this.#engine = engine
    this.#session = session
    this.#signature = signature
  }

  static async open(folder: string, { engine, program, signal }: Opening): Promise<CachedFeatures> {
    await mkdir(folder, { recursive: true })
    const session = await engine.load(program, {}, signal)
    return new CachedFeatures(folder, { engine, session, signature: await engine.describe(session, signal) })
  }

  /**
   * The features of one example, by name.
   * @param feeds reads the example, when it was not computed before. @throws what it throws.
   */
  async of(example: Example, feeds: () => Promise<Tensors>, signal: AbortSignal): Promise<Tensors> {
    const isOfVideo = this.#signature.inputs.every(({ name }) => name === 'video')
    const key = JSON.stringify(isOfVideo ? shownOf(example) : example)
    const going = this.#computing.get(key)
    if (going) return going
    const features = this.#of(key, feeds, signal)
    this.#computing.set(key, features)
    try {
      return await features
    } finally {
      this.#computing.delete(key)
    }
  }

  async #of(key: string, feeds: () => Promise<Tensors>, signal: AbortSignal): Promise<Tensors> {
    const file = join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.f32`)
    const known = await readFile(file).catch(() => null)
    if (known) return this.#tensors(new Float32Array(new Uint8Array(known).buffer))
    const computed = await this.#engine.run(this.#session, await feeds(), { signal })
    const parts = this.#signature.outputs.map(({ name }) => floats(computed[name]))
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

  #tensors(values: Float32Array): Tensors {
    let index = 0
    return Object.fromEntries(
      this.#signature.outputs.map(({ name, shape }) => {
        const dims = shape.map(Number)
        const length = elementCount(dims)
        const data = values.slice(index, (index += length))
        return [name, { dtype: 'float32', dims, data } satisfies TensorValue]
      }),
    )
  }
}

/** The parts of videos that the frames of an example are of. */
function shownOf({ content }: Example): object {
  return { videos: videosOf(content), clips: clipsIn(content).map(({ video }) => video) }
}

function floats(tensor: TensorValue | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the frozen part gave no float32 tensor')
  return tensor.data
}
