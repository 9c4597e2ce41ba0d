import { alignment } from '../features/alignment/words.ts'
import { attention } from '../features/attention/words.ts'
import { dataset } from '../features/dataset/words.ts'
import { evaluation } from '../features/evaluation/words.ts'
import { library } from '../features/library/words.ts'
import { map } from '../features/map/words.ts'
import { downloads, hub } from '../features/models/downloads/words.ts'
import { models } from '../features/models/words.ts'
import { questions } from '../features/questions/words.ts'
import { search } from '../features/search/words.ts'
import { settings } from '../features/settings/words.ts'
import { tour } from '../features/tour/words.ts'
import { training } from '../features/training/words.ts'
import { shell } from '../shell/words.ts'

/** Every sentence of the window, by where it stands. */
export const en = {
  ...shell,
  ...library,
  ...search,
  ...map,
  ...alignment,
  ...attention,
  ...questions,
  ...models,
  ...downloads,
  ...hub,
  ...settings,
  ...dataset,
  ...training,
  ...evaluation,
  ...tour,
}
