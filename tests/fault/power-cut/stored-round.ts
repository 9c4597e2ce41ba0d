import type { EmbeddingLocation } from '../../../main/retrieval/vectors/table-search.ts'
import type { EmbeddingRow } from '../../../main/retrieval/vectors/vector-rows.ts'
import type { TensorToWrite } from '../../../native-models/checkpoints/safetensors/safetensors.ts'

/** What the program of power-cut-child.ts keeps in a round. */

export const vectorsOf = (round: number): EmbeddingLocation => ({
  pass: 'overview',
  key: 'key',
  contentId: `content ${round}`,
})

export function rowsOf(round: number): EmbeddingRow[] {
  return [-1, 0, 1].map(clip => ({
    segment: 0,
    clip,
    start: 0,
    end: 8,
    vector: Float32Array.from({ length: 64 }, (_, index) => Math.sin(round * 100 + clip * 10 + index)),
  }))
}

export function checkpointOf(round: number): TensorToWrite[] {
  return [{ name: 'w', shape: [4096], read: () => new Float32Array(4096).fill(round) }]
}
