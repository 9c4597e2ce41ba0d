import { ExpectedError } from '../../native-models/expected-error.ts'
import { entryFile, startThread } from '../processes/entry-file.ts'
import type { CompileRequest, Outcome } from './compile-request.ts'

/** Where the compile thread begins. */
export const compileThreadEntry = (): string => entryFile('../programs/compile-thread.ts', 'compile.js')

/**
 * Makes files of a model in a thread of its own, for as long as one request takes: writing a program and its weights
 * keeps a core busy for a tenth of a second and more, in which the main process answers nobody.
 * @throws ExpectedError as the work itself does; the signal's reason when it aborts.
 */
export function compile(request: CompileRequest, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = startThread(compileThreadEntry(), request)
    let outcome: Outcome | null = null
    const abort = () => {
      void worker.terminate()
    }
    signal?.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: Outcome) => {
      outcome = message
    })
    worker.on('error', reject)
    worker.on('exit', code => {
      signal?.removeEventListener('abort', abort)
      if (outcome === null) {
        reject(
          signal?.aborted
            ? signal.reason
            : new Error(`The compile thread ended with exit code ${code} before its work was done.`),
        )
      } else if (outcome.failure) {
        reject(new ExpectedError(outcome.failure.code, outcome.failure.message))
      } else {
        resolve()
      }
    })
  })
}
