import type { ContractRouterClient } from '@orpc/contract'
import { appContract } from './app.ts'
import { diagnosticsContract } from './diagnostics.ts'
import { downloadsContract } from './downloads.ts'
import { engineContract } from './engine.ts'
import { evaluationContract } from './evaluation/evaluation.ts'
import { inspectContract } from './inspection/inspect.ts'
import { questionsContract } from './inspection/questions.ts'
import { reportsContract } from './inspection/reports.ts'
import { jobsContract } from './jobs.ts'
import { learningContract } from './learning.ts'
import { captionsContract } from './library/captions.ts'
import { libraryContract } from './library/library.ts'
import { tiersContract } from './library/tiers.ts'
import { mapContract } from './map.ts'
import { modelsContract } from './models.ts'
import { searchContract } from './search.ts'
import { datasetsContract } from './training/datasets.ts'
import { trainingContract } from './training/training.ts'

/**
 * Every procedure and event between the window and the workbench. Expected failures arrive as errors with code
 * `EXPECTED` and a sentence.
 */
export const contract = {
  app: appContract,
  library: libraryContract,
  captions: captionsContract,
  tiers: tiersContract,
  search: searchContract,
  map: mapContract,
  inspect: inspectContract,
  questions: questionsContract,
  reports: reportsContract,
  learning: learningContract,
  models: modelsContract,
  downloads: downloadsContract,
  engine: engineContract,
  datasets: datasetsContract,
  training: trainingContract,
  evaluation: evaluationContract,
  jobs: jobsContract,
  diagnostics: diagnosticsContract,
}

export type WorkbenchClient = ContractRouterClient<typeof contract>

export type * from './app.ts'
export type * from './library/captions.ts'
export type * from './training/datasets.ts'
export type * from './diagnostics.ts'
export type * from './downloads.ts'
export type * from './engine.ts'
export type * from './evaluation/certificate.ts'
export type * from './evaluation/comparison.ts'
export type * from './evaluation/conditions.ts'
export type * from './evaluation/evaluation.ts'
export type * from './evaluation/figures.ts'
export type * from './evaluation/protocol.ts'
export type * from './evaluation/survivors.ts'
export type * from './inspection/inspect.ts'
export type * from './jobs.ts'
export type * from './learning.ts'
export type * from './library/library.ts'
export type * from './library/curation.ts'
export type * from './library/tiers.ts'
export type * from './library/video-rules.ts'
export type * from './common/media.ts'
export type * from './map.ts'
export type * from './models.ts'
export type * from './inspection/questions.ts'
export type * from './inspection/reports.ts'
export type * from './inspection/why-not.ts'
export type * from './search.ts'
export type * from './training/tracing.ts'
export type * from './training/training.ts'
