export { openCheckpoint } from './checkpoint.ts'
export { readSafetensorsLayout, writeSafetensors } from './safetensors.ts'
export type { Checkpoint, CheckpointDType, CheckpointTensor } from './checkpoint.ts'
export type { TensorLocation, TensorToWrite } from './safetensors.ts'
