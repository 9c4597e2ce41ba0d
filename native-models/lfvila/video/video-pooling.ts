import { gather, perSample, reduceMax, reduceMean, reshape } from '../../graph/build.ts'
import { size } from '../../graph/shape.ts'
import { constant } from '../../graph/tensor.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { poolingKernel } from '../configuration/pooling-window.ts'

export interface PooledVideo {
  /** Max-pooled patches of every frame: [B, T, patches, C]. */
  readonly tokens: Tensor
  /** Means over the frames and patches of each clip: [B, clips, C]. */
  readonly clips: Tensor
}

/** The reference's `downsample_video_embd`. @param map [B, T, rows, columns, C], T a multiple of `clips`. */
export function poolVideo(map: Tensor, clips: number): PooledVideo {
  const [batch, frames, rows, columns, channels] = [0, 1, 2, 3, 4].map(axis => size(map.shape, axis)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const [high, wide] = poolingKernel
  const windows: number[] = []
  for (let row = 0; row + high <= rows; row++) {
    for (let column = 0; column + wide <= columns; column++) {
      for (let y = 0; y < high; y++) for (let x = 0; x < wide; x++) windows.push((row + y) * columns + column + x)
    }
  }
  const patches = windows.length / (high * wide)
  const covered = gather(
    reshape(map, [batch * frames, rows * columns, channels]),
    constant(Int32Array.from(windows), [patches, high * wide]),
    1,
  )
  const tokens = perSample(reduceMax(covered, [2]))
  return {
    tokens: reshape(tokens, [batch, frames, patches, channels]),
    clips: perSample(reduceMean(reshape(tokens, [batch, clips, (frames / clips) * patches, channels]), [2])),
  }
}
