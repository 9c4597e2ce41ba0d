import type { LfVilaConfig } from '../configuration/config.ts'
import type { LfVilaKind } from '../configuration/state-dict.ts'
import { pretrainingStage1, retrieval } from './contrastive.ts'
import type { ModelOutputs, ModelShapes } from './model.ts'
import { pretrainingStage2 } from './pretraining-stage2.ts'
import { multipleChoice, questionClassification } from './question-answering.ts'
import { videoClassification } from './video-classification.ts'

export type { ModelOutputs, ModelShapes } from './model.ts'

/** The published model classes, each as everything it computes (REFERENCE §3). */
export const models: Readonly<Record<LfVilaKind, (config: LfVilaConfig, shapes: ModelShapes) => ModelOutputs>> = {
  retrieval: retrieval,
  'pretrain-stage1': pretrainingStage1,
  'pretrain-stage2': pretrainingStage2,
  'qa-classification': questionClassification,
  'qa-multichoice': multipleChoice,
  'video-classification': videoClassification,
}
