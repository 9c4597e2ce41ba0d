import { parentPort, workerData } from 'node:worker_threads'
import type { Matrix } from './matrix.ts'
import { project } from './project.ts'
import type { MapBefore, NeighbourMap } from './project.ts'

/** What the thread is given. */
export interface ProjectionTask {
  readonly data: Matrix
  readonly before: MapBefore | null
}

/** What the thread tells: how far it is, the map by principal components, and at the end the map by UMAP. */
export type ProjectionMessage =
  { readonly share: number } | { readonly principal: Float32Array } | { readonly neighbours: NeighbourMap | null }

/** Between two messages of progress, in milliseconds. */
const spacing = 100
let told = 0
const tell = (message: ProjectionMessage): void => parentPort?.postMessage(message)

const { data, before } = workerData as ProjectionTask
const neighbours = project(data, before, {
  principal: principal => tell({ principal }),
  progress: share => {
    const now = performance.now()
    if (now - told < spacing) return
    told = now
    tell({ share })
  },
})
tell({ neighbours })
