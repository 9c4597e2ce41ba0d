import { alignmentZh } from '../features/alignment/words-zh.ts'
import { attentionZh } from '../features/attention/words-zh.ts'
import { datasetZh } from '../features/dataset/words-zh.ts'
import { evaluationZh } from '../features/evaluation/words-zh.ts'
import { libraryZh } from '../features/library/words-zh.ts'
import { mapZh } from '../features/map/words-zh.ts'
import { downloadsZh, hubZh } from '../features/models/downloads/words-zh.ts'
import { modelsZh } from '../features/models/words-zh.ts'
import { questionsZh } from '../features/questions/words-zh.ts'
import { searchZh } from '../features/search/words-zh.ts'
import { settingsZh } from '../features/settings/words-zh.ts'
import { tourZh } from '../features/tour/words-zh.ts'
import { trainingZh } from '../features/training/words-zh.ts'
import { shellZh } from '../shell/words-zh.ts'

/** Every sentence of the window in simplified Chinese. */
export const zh = {
  ...shellZh,
  ...libraryZh,
  ...searchZh,
  ...mapZh,
  ...alignmentZh,
  ...attentionZh,
  ...questionsZh,
  ...modelsZh,
  ...downloadsZh,
  ...hubZh,
  ...settingsZh,
  ...datasetZh,
  ...trainingZh,
  ...evaluationZh,
  ...tourZh,
}
