import { firstOfEach } from '../support/sample.ts'
import { learnsFromFolders } from './support/learns-from-folders.ts'
import { isPretraining, taskPromises } from './support/tasks.ts'

learnsFromFolders(
  firstOfEach(
    taskPromises.filter(promise => !isPretraining(promise)),
    ({ task }) => task,
  ),
)
