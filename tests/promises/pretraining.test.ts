import { learnsFromFolders } from './learns-from-folders.ts'
import { isPretraining, taskPromises } from './tasks.ts'

learnsFromFolders(taskPromises.filter(isPretraining))
