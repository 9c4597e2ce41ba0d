export { createInspect, type Inspect } from './inspect.ts'
export { similarityMatrix } from './alignment.ts'
