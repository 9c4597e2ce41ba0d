import { parentPort, workerData } from 'node:worker_threads'
import { diskFull, isDiskFull } from '../../native-models/disk-full.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { readModel } from '../model-folder/model-file.ts'
import { writeProgram } from './program-files.ts'
import { buildProgram } from './program-recipes.ts'
import { writeTrainingPrograms } from './training-programs.ts'
import { registerUntrained } from '../model-folder/register-untrained.ts'
import type { Order, Outcome } from './compile-request.ts'

async function fulfil(order: Order): Promise<void> {
  switch (order.make) {
    case 'program':
      await writeProgram(order.folder, order.name, buildProgram(await readModel(order.folder, order.id), order.recipe))
      return
    case 'training':
      await writeTrainingPrograms(await readModel(order.folder, order.id), order.recipe)
      return
    case 'untrained':
      await registerUntrained(order.models, order.id)
      return
    default:
      order satisfies never
  }
}

const failure = await fulfil(workerData as Order).then(() => null, (error: unknown) => {
  const order = workerData as Order
  const place = order.make === 'untrained' ? order.models : order.folder
  const expected = error instanceof ExpectedError || !isDiskFull(error) ? error : diskFull(error, `The disk that holds ${place}`, 'free some space and try again')
  if (expected instanceof ExpectedError) return { code: expected.code, message: expected.message }
  throw error
})
parentPort?.postMessage({ failure } satisfies Outcome)
