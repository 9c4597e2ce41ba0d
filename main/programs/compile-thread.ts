import { parentPort, workerData } from 'node:worker_threads'
import { diskFull, isDiskFull } from '../../native-models/disk-full.ts'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import type { ShippedId } from '../../native-models/starter/shipped.ts'
import { readModel } from '../model-folder/model-file.ts'
import { registerShipped } from '../model-folder/register-shipped.ts'
import type { CompileRequest, Outcome } from './compile-request.ts'
import { writeProgram } from './program-files.ts'
import { buildProgram } from './program-recipes.ts'
import { writeTrainingPrograms } from './training-programs.ts'

async function compile(request: CompileRequest): Promise<void> {
  switch (request.make) {
    case 'program':
      await writeProgram(
        request.folder,
        request.name,
        buildProgram(await readModel(request.folder, request.id), request.recipe),
      )
      return
    case 'training':
      await writeTrainingPrograms(await readModel(request.folder, request.id), request.recipe)
      return
    case 'shipped':
      await registerAllShipped(request.models, request.ids)
      return
    default:
      request satisfies never
  }
}

/** Each that can be made; then the first failure is thrown. */
async function registerAllShipped(models: string, ids: readonly ShippedId[]): Promise<void> {
  const failures: unknown[] = []
  for (const id of ids) await registerShipped(models, id).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

const failure = await compile(workerData as CompileRequest).then(
  () => null,
  (error: unknown) => {
    const request = workerData as CompileRequest
    const place = request.make === 'shipped' ? request.models : request.folder
    const expected =
      error instanceof ExpectedError || !isDiskFull(error)
        ? error
        : diskFull(error, english`The disk that holds ${place}`, english`free some space and try again`)
    if (expected instanceof ExpectedError) return { code: expected.code, message: expected.message }
    throw error
  },
)
parentPort?.postMessage({ failure } satisfies Outcome)
