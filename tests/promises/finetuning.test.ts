import { firstOfEach, isWhole } from '../support/sample.ts'
import { learnsFromFolders } from './support/learns-from-folders.ts'
import { isPretraining, taskPromises } from './support/tasks.ts'

learnsFromFolders(
  firstOfEach(
    // The model on which `commands.test.ts` runs every command has learned retrieval, and is held to a figure there.
    taskPromises.filter(promise => !isPretraining(promise) && (isWhole || promise.task !== 'retrieval')),
    ({ task }) => task,
  ),
)
