/** Bit mixing of a 32-bit integer (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let h = value >>> 0
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  h ^= h >>> 16
  return h >>> 0
}

/**
 * The fixtures' generated video: fine noise, plus a value per 16 × 16 tile and frame, plus a value per four frames, so
 * that neighbouring patches and frames are alike and distant ones are not. Defined in the reference under “Synthetic
 * input”.
 * @param shape [B, T, H, W, 3] of the whole fixture video.
 * @param element Index of the batch element to make.
 * @returns uint8 RGB frames [T, H, W, 3].
 */
export function syntheticVideo(seed: number, shape: readonly number[], element: number): Uint8Array {
  const [, frames = 0, height = 0, width = 0, channels = 3] = shape
  const offset = (add: number) => (Math.imul(seed, 0x9e3779b9) + add) >>> 0
  const [fine, tile, slow] = [offset(0), offset(0x51ed270b), offset(0x2545f491)]
  const tileRows = Math.ceil(height / 16)
  const tileColumns = Math.ceil(width / 16)
  const groups = Math.ceil(frames / 4)
  const video = new Uint8Array(frames * height * width * channels)
  let at = 0
  for (let t = 0; t < frames; t++) {
    const brightness = Array.from(
      { length: channels },
      (_, c) => ((mix((element * groups + (t >> 2)) * channels + c + slow) >>> 24) * 5) >>> 3,
    )
    for (let y = 0; y < height; y++) {
      const rowOfTiles = ((element * frames + t) * tileRows + (y >> 4)) * tileColumns
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++, at++) {
          video[at] =
            (mix(element * video.length + at + fine) >>> 27) +
            (mix((rowOfTiles + (x >> 4)) * channels + c + tile) >>> 26) +
            brightness[c]!
        }
      }
    }
  }
  return video
}
