import { z } from 'zod'
import type { BlockAttention } from '../models/encoders/encoder.ts'

/** The attention maps of one video with the frames they belong to. `times` in seconds. */
export interface AttentionMaps {
  times: number[]
  warnings: string[]
  blocks: BlockAttention[]
}

const count = z.number().int().min(1).max(4096)
const header = z.object({
  format: z.literal('lfvila-attention/1'),
  times: z.array(z.number()).min(1).max(4096),
  warnings: z.array(z.string()),
  blocks: z.array(z.object({ stage: z.number().int(), block: z.number().int(), heads: count, window: count })),
})

const newline = 10

/** A JSON header in one line, then the maps of all blocks as little-endian float32. */
export function writeAttention({ times, warnings, blocks }: AttentionMaps): Uint8Array {
  const line = JSON.stringify({
    format: 'lfvila-attention/1',
    times,
    warnings,
    blocks: blocks.map(({ stage, block, heads, window }) => ({ stage, block, heads, window })),
  })
  return Buffer.concat([
    Buffer.from(`${line}\n`),
    ...blocks.map(({ maps }) => Buffer.from(maps.buffer, maps.byteOffset, maps.byteLength)),
  ])
}

/** Null when the bytes are not such a file, or not all of it. */
export function readAttention(bytes: Uint8Array): AttentionMaps | null {
  const end = bytes.indexOf(newline)
  if (end < 0) return null
  const parsed = header.safeParse(parseJson(Buffer.from(bytes.subarray(0, end)).toString()))
  if (!parsed.success) return null
  const { times, warnings, blocks } = parsed.data
  const lengths = blocks.map(({ heads, window }) => heads * times.length * window)
  if (bytes.length - end - 1 !== 4 * lengths.reduce((sum, length) => sum + length, 0)) return null
  let offset = end + 1
  return {
    times,
    warnings,
    blocks: blocks.map((block, index) => {
      const size = 4 * (lengths[index] ?? 0)
      // Copied: the floats need not begin at a multiple of four in the file.
      const maps = new Float32Array(Uint8Array.from(bytes.subarray(offset, offset + size)).buffer)
      offset += size
      return { ...block, maps }
    }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
