import { learnsFromFolders } from './support/learns-from-folders.ts'
import { isPretraining, taskPromises } from './support/tasks.ts'

learnsFromFolders(taskPromises.filter(promise => !isPretraining(promise)))
