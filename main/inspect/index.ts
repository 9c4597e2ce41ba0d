export { align, similarityMatrix, type AlignmentRequest } from './alignment.ts'
export { AttentionInspector, type AttentionParts } from './attention.ts'
export { AttentionStore } from './attention-store.ts'
export { monotonicPath } from './monotonic-path.ts'
