import { english } from '../../../native-models/english.ts'
import type { WantedFrame } from './sampling.ts'
import { validationTransform } from './validation-transform.ts'

interface SampledBase {
  /** Times of the frames really delivered, seconds from the video's beginning, one per asked time. */
  readonly times: number[]
  /** Sentences about frames that had to be replaced, or about a file that ends early. */
  readonly warnings: string[]
  /** Of them so many could not be decoded and show the nearest that could. */
  readonly replaced: number
}

/** Pixels `[N, H, W, 3]`, RGB: bytes in fast mode, 0–1 in exact mode. */
export type SampledFrames = SampledBase &
  ({ readonly dtype: 'uint8'; readonly data: Uint8Array } | { readonly dtype: 'float32'; readonly data: Float32Array })

interface Size {
  readonly height: number
  readonly width: number
}

/** Collects decoded frames into the tensor of one sample, wherever a frame is wanted, once or several times. */
export class SampleTarget {
  readonly #pixels:
    { readonly dtype: 'uint8'; readonly data: Uint8Array } | { readonly dtype: 'float32'; readonly data: Float32Array }
  readonly #transform: ((frame: Uint8Array, target: Float32Array) => void) | undefined
  readonly #frameLength: number
  readonly #positions = new Map<number, number[]>()
  readonly #times: number[]
  #replaced = 0

  /**
   * @param frameTimes times of the frames on screen, as they will be given to `put`.
   * @param size of the model's input. @param stored size of the frames when they still need the exact transform.
   */
  constructor(frameTimes: readonly number[], size: Size, stored: Size | undefined) {
    this.#frameLength = size.height * size.width * 3
    this.#times = [...frameTimes]
    const length = frameTimes.length * this.#frameLength
    this.#pixels = stored
      ? { dtype: 'float32', data: new Float32Array(length) }
      : { dtype: 'uint8', data: new Uint8Array(length) }
    this.#transform = stored && validationTransform(stored, size)
    for (const [position, time] of frameTimes.entries()) {
      const positions = this.#positions.get(time)
      if (positions) positions.push(position)
      else this.#positions.set(time, [position])
    }
  }

  get complete(): boolean {
    return this.#positions.size === 0
  }

  /** Takes a frame, if this sample wants it; `time` is that of the picture really decoded. */
  put(wanted: WantedFrame, time: number, bytes: Uint8Array): void {
    const positions = this.#positions.get(wanted.time)
    const first = positions?.[0]
    if (!positions || first === undefined) return
    this.#positions.delete(wanted.time)
    const start = first * this.#frameLength
    if (this.#pixels.dtype === 'uint8') this.#pixels.data.set(bytes, start)
    else this.#transform?.(bytes, this.#pixels.data.subarray(start, start + this.#frameLength))
    for (const position of positions) {
      if (position !== first) {
        this.#pixels.data.copyWithin(position * this.#frameLength, start, start + this.#frameLength)
      }
      this.#times[position] = time
    }
    if (time < wanted.from || time >= wanted.to) this.#replaced += positions.length
  }

  result(path: string, warnings: readonly string[]): SampledFrames {
    const replaced =
      this.#replaced === 0
        ? []
        : [
            english`${this.#replaced} of ${this.#times.length} frames of ${path} could not be decoded and are replaced by the nearest decodable frame.`,
          ]
    return { ...this.#pixels, times: this.#times, warnings: [...replaced, ...warnings], replaced: this.#replaced }
  }
}
