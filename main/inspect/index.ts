export { createInspect, type Inspect, type InspectParts } from './inspect.ts'
export { similarityMatrix } from './alignment.ts'
export { monotonicPath } from './monotonic-path.ts'
