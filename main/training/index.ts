export { inspectDataset, readDataset } from './datasets/index.ts'
export { Evaluations } from './evaluation/evaluations.ts'
export { presets } from './presets.ts'
export { Runs } from './runs/runs.ts'
