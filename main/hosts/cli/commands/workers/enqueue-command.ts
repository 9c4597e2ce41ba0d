import { keysOf } from '../../../../workers/embed-work.ts'
import { WorkQueue } from '../../../../workers/queue.ts'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { scanFolders } from '../library/index-command.ts'
import { redisOf, sharedStore } from './worker-options.ts'

/** Scans folders and puts what is not complete in the store into the queue. */
export function enqueue(context: CommandContext): Promise<CommandResult> {
  const redis = redisOf(context.values)
  sharedStore(context.values)
  const passes = context.values.dense === true ? (['overview', 'dense'] as const) : (['overview'] as const)
  return withWorkbench(
    context,
    async workbench => {
      const { folders, videos: found } = await scanFolders(workbench, context)
      const ready = found.filter(({ state }) => state === 'ready')
      const keys = await keysOf(workbench.workers, passes)
      const items = new Map(
        workbench
          .contentsOf(ready.map(({ id }) => id))
          .map(({ path, contentId }) => [contentId, { path, contentId, keys }]),
      )
      const { shared } = workbench.workers.store
      const complete = await Promise.all(
        Object.values(keys).map(async key => (await shared?.complete(key, [...items.keys()])) ?? new Set()),
      )
      const missing = [...items.values()].filter(({ contentId }) => !complete.every(ids => ids.has(contentId)))
      const queue = await WorkQueue.open(redis)
      try {
        await queue.fill(missing)
        const waiting = await queue.counts()
        const json = {
          videos: ready.length,
          complete: items.size - missing.length,
          queued: missing.length,
          waiting: waiting.toEmbed,
        }
        return {
          json,
          text: `${json.videos} videos in ${folders.length === 1 ? 'the folder' : 'the folders'}, ${items.size} contents: ${json.complete} complete in the store, ${json.queued} put into the queue, where ${json.waiting} wait.`,
        }
      } finally {
        await queue.close()
      }
    },
    { runJobs: true },
  )
}
