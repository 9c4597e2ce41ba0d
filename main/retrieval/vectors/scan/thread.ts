import { parentPort } from 'node:worker_threads'
import { dotProducts } from './dot-products.ts'
import type { Layout } from './shared-rows.ts'

/** Compare the first `rows` rows in a memory with the first `queries` queries in it, together with other threads. */
export interface ScanRequest {
  readonly memory: WebAssembly.Memory
  readonly layout: Layout
  readonly rows: number
  readonly queries: number
}

/** Query, row, count, bytes and out of {@link dotProducts}. */
type Dots = (...parameters: readonly number[]) => void

const module = new WebAssembly.Module(dotProducts())
/** Blocks that a thread takes at once. */
const share = 16

function scan({ memory, layout, rows, queries }: ScanRequest): void {
  const dots = new WebAssembly.Instance(module, { m: { memory } }).exports['dots'] as Dots
  const next = new Int32Array(memory.buffer, 0, 1)
  const blocks = Math.ceil(rows / layout.rowsPerBlock)
  for (;;) {
    const first = Atomics.add(next, 0, share)
    if (first >= blocks) return
    for (let block = first; block < Math.min(blocks, first + share); block += 1) {
      const begin = layout.blocks + block * layout.blockBytes
      const count = Math.min(layout.rowsPerBlock, rows - block * layout.rowsPerBlock)
      for (let query = 0; query < queries; query += 1) {
        const scores = begin + layout.rowsPerBlock * (layout.rowBytes + 4 * query)
        dots(layout.queries + query * layout.rowBytes, begin, count, layout.rowBytes, scores)
      }
    }
  }
}

parentPort?.on('message', (request: ScanRequest) => {
  scan(request)
  parentPort?.postMessage(null)
})
