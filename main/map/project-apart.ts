import { entryFile, startThread } from '../processes/entry-file.ts'
import type { NeighbourMap, ProjectionListener } from './projection/project.ts'
import type { ProjectionMessage, ProjectionTask } from './projection/thread.ts'

/** Where the projection thread begins. */
const projectionThreadEntry = (): string => entryFile('../map/projection/thread.ts', 'projection.js')

/**
 * As {@link import('./projection/project.ts').project}, in a thread of its own: 100,000 points keep a core busy for
 * about a minute. Aborting ends the thread at once.
 * @param task the values of its data in shared memory, so that they are not copied
 * @throws the signal's reason when it aborts
 */
export function projectApart(
  task: ProjectionTask,
  listener: ProjectionListener,
  signal: AbortSignal,
): Promise<NeighbourMap | null> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = startThread(projectionThreadEntry(), task)
    const abort = () => {
      void worker.terminate()
    }
    signal.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: ProjectionMessage) => {
      if (signal.aborted) return
      if ('share' in message) listener.progress(message.share)
      else if ('principal' in message) listener.principal(message.principal)
      else resolve(message.neighbours)
    })
    worker.on('error', reject)
    worker.on('exit', code => {
      signal.removeEventListener('abort', abort)
      reject(
        signal.aborted ? signal.reason : new Error(`The projection thread ended with exit code ${code} without a map.`),
      )
    })
  })
}
