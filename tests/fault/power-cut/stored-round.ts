import type { KeptDraft } from '../../../main/library/captions/caption-drafts.ts'
import type { EmbeddingLocation } from '../../../main/retrieval/vectors/table-search.ts'
import type { EmbeddingRow } from '../../../main/retrieval/vectors/vector-rows.ts'
import type { TensorToWrite } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { add } from '../../../native-models/graph/build.ts'
import { makeProgram } from '../../../native-models/graph/program.ts'
import type { Program } from '../../../native-models/graph/program.ts'
import { parameter, scalar } from '../../../native-models/graph/tensor.ts'

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

/** Of the video whose captions are edited in a round. */
export const pathOf = (round: number): string => `/video ${round}`

export const draft: KeptDraft = {
  revision: 1,
  sentences: [],
  done: [],
  undone: [],
  edited: true,
  base: { file: null, hash: null, sentences: [] },
  writtenHash: null,
}

export function checkpointOf(round: number): TensorToWrite[] {
  return [{ name: 'w', shape: [4096], read: () => new Float32Array(4096).fill(round) }]
}

/** Adds a number to the weights of {@link checkpointOf}. */
export function programOf(round: number): Program {
  return makeProgram(`program ${round}`, { sum: add(parameter('w', [4096]), scalar(round)) })
}

export function filmOf(round: number): Buffer {
  return Buffer.alloc(10_000, round)
}
