import { firstOfEach, isWhole } from '../support/sample.ts'
import { learnsFromFolders } from './support/learns-from-folders.ts'
import { isPretraining, taskPromises } from './support/tasks.ts'

/**
 * The model on which `commands.test.ts` runs every command has learned retrieval, and is held to a figure there;
 * `learning.test.ts` has multiple choice, on videos that were not seen as well.
 */
const elsewhere = ['retrieval', 'qa-multichoice']

learnsFromFolders(
  firstOfEach(
    taskPromises.filter(promise => !isPretraining(promise) && (isWhole || !elsewhere.includes(promise.task))),
    ({ task }) => task,
  ),
)
