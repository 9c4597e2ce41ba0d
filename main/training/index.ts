export { inspectDataset, readDataset } from './datasets/index.ts'
export { presets } from './presets.ts'
export { Runs } from './runs/runs.ts'
