import { parentPort, workerData } from 'node:worker_threads'
import { diskFull, isDiskFull } from '../../native-models/disk-full.ts'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
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
      await registerShipped(request.models, request.id)
      return
    default:
      request satisfies never
  }
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
