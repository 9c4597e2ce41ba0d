import type { Engine } from '../../../engine/engine.ts'
import type { SegmentFrames, VideoEmbedding } from '../encoder.ts'
import type { DualEncoderContract } from './contract.ts'
import { pixelWriter } from './pixels.ts'
import { Tower } from './tower.ts'
import { mean, rowsOf, unit } from './vectors.ts'

/**
 * Frames of one run, where the file leaves the number free: enough to keep every core busy, few enough for the memory.
 */
const framesPerRun = 16

/** The video or image tower: frames of a segment to the embeddings of its clips and of the whole. */
export class VideoTower {
  readonly #contract: DualEncoderContract['video']
  readonly #segment: DualEncoderContract['segment']
  readonly #tower: Tower
  readonly #write: ReturnType<typeof pixelWriter>
  /** Frames that make one input of the tower. */
  readonly #length: number

  constructor(engine: Engine, path: string, { video, segment }: DualEncoderContract) {
    this.#contract = video
    this.#segment = segment
    this.#write = pixelWriter(video)
    this.#length = video.layout.includes('T') ? segment.framesPerClip : 1
    const sizes: Record<string, number | null> = {
      N: null,
      T: this.#length,
      C: 3,
      H: video.size.height,
      W: video.size.width,
    }
    this.#tower = new Tower(engine, {
      path,
      inputs: [{ name: video.input, dtypes: [video.dtype], axes: [...video.layout].map(axis => sizes[axis] ?? null) }],
      output: video.output,
    })
  }

  /** @throws ExpectedError when the tower does not fit its description or gives no finite numbers. */
  async embed(frames: SegmentFrames, signal?: AbortSignal): Promise<VideoEmbedding> {
    const vectors = await this.#run(bytesOf(frames), signal)
    const perClip = vectors.length / this.#segment.clips
    const clips = Array.from({ length: this.#segment.clips }, (_, clip) =>
      this.#pool(vectors.slice(clip * perClip, (clip + 1) * perClip)),
    )
    return { global: unit(this.#pool(clips)), clips: clips.map(unit) }
  }

  dispose(): Promise<void> {
    return this.#tower.dispose()
  }

  #pool(vectors: readonly Float32Array[]): Float32Array {
    if (vectors.length === 1) return vectors[0]!
    return mean(this.#segment.pooling === 'mean' ? vectors : vectors.map(unit))
  }

  /** One vector per image or clip. */
  async #run(pixels: Uint8Array, signal?: AbortSignal): Promise<Float32Array[]> {
    const { size } = this.#contract
    const itemBytes = this.#length * size.height * size.width * 3
    const items = pixels.length / itemBytes
    if (items * this.#length !== this.#segment.clips * this.#segment.framesPerClip) {
      throw new Error(
        `A segment has ${this.#segment.clips} × ${this.#segment.framesPerClip} frames of ${size.height} × ${size.width}, not ${pixels.length} bytes.`,
      )
    }
    const fixed = await this.#tower.batch()
    const batch = fixed ?? Math.max(1, Math.min(items, Math.floor(framesPerRun / this.#length)))
    const vectors: Float32Array[] = []
    for (let first = 0; first < items; first += batch) {
      signal?.throwIfAborted()
      const part = pixels.subarray(first * itemBytes, Math.min(items, first + batch) * itemBytes)
      const count = fixed ?? part.length / itemBytes
      // A file with a fixed number of items gets blank ones where a segment has too few; their vectors are dropped.
      const filled =
        part.length === count * itemBytes
          ? part
          : Uint8Array.from({ length: count * itemBytes }, (_, index) => part[index] ?? 0)
      const output = await this.#tower.run({ [this.#contract.input]: this.#write(filled, count, this.#length) }, signal)
      vectors.push(
        ...rowsOf(this.#tower.name, { output: this.#contract.output, tensor: output, count }).slice(
          0,
          part.length / itemBytes,
        ),
      )
    }
    return vectors
  }
}

function bytesOf({ dtype, data }: SegmentFrames): Uint8Array {
  return dtype === 'uint8' ? data : Uint8Array.from(data, value => Math.round(value * 255))
}
