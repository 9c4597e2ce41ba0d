import { alignment } from './alignment.ts'
import { attention } from './attention.ts'
import { dataset } from './dataset.ts'
import { downloads } from './downloads.ts'
import { evaluation } from './evaluation.ts'
import { library } from './library.ts'
import { models } from './models.ts'
import { search } from './search.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { training } from './training.ts'

/** Every sentence of the window, by where it stands. */
export const en = { ...shell, ...library, ...search, ...alignment, ...attention, ...models, ...downloads, ...settings, ...dataset, ...training, ...evaluation }
