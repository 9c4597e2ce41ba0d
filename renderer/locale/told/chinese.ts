import type { ToldWords } from './recognise.ts'
import { configurationZh } from './zh/configuration.ts'
import { dataZh } from './zh/data.ts'
import { diagnosticsZh } from './zh/diagnostics.ts'
import { downloadsZh } from './zh/downloads.ts'
import { engineZh } from './zh/engine.ts'
import { evaluationZh } from './zh/evaluation.ts'
import { filesZh } from './zh/files.ts'
import { formatsZh } from './zh/formats.ts'
import { hubFolderZh } from './zh/hub-folder.ts'
import { libraryZh } from './zh/library.ts'
import { modelsZh } from './zh/models.ts'
import { namesZh } from './zh/names.ts'
import { trainingZh } from './zh/training.ts'
import { workbenchZh } from './zh/workbench.ts'

/** Every text of the workbench that the window shows, in Chinese. */
export const toldZh: ToldWords = {
  ...configurationZh,
  ...dataZh,
  ...diagnosticsZh,
  ...downloadsZh,
  ...engineZh,
  ...evaluationZh,
  ...filesZh,
  ...formatsZh,
  ...hubFolderZh,
  ...libraryZh,
  ...modelsZh,
  ...namesZh,
  ...trainingZh,
  ...workbenchZh,
}
