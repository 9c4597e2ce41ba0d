import { resolve } from 'node:path'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import type { Workbench } from '../../../../workbench/workbench.ts'
import { Committer } from '../../../../workers/committer.ts'
import { embedWork, examineFile, keysOf } from '../../../../workers/embed-work.ts'
import { linesOf, readList, readPart } from '../../../../workers/listed-work.ts'
import { WorkQueue } from '../../../../workers/queue.ts'
import type { QueueCounts } from '../../../../workers/queue.ts'
import { pack, unpack } from '../../../../workers/work.ts'
import { UsageError, text, wholeNumber } from '../../terminal/command.ts'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'
import { redisOf, sharedStore } from './worker-options.ts'

/** One of many processes that index together; see docs/scale.md. */
export function worker(context: CommandContext): Promise<CommandResult> {
  const { values } = context
  sharedStore(values)
  const modes = ['redis', 'list', 'optimise'].filter(mode => values[mode] !== undefined)
  if (modes.length !== 1) throw new UsageError('worker takes one of --redis, --list and --optimise.')
  const run =
    values.optimise === true
      ? optimise
      : values.list !== undefined
        ? ofList
        : values.commit === true
          ? writer
          : embedder
  return withWorkbench(context, workbench => run(context, workbench))
}

/** Embeds what is in the queue. */
async function embedder(context: CommandContext, { workers }: Workbench): Promise<CommandResult> {
  const together = wholeNumber(context.values, 'together', { least: 1, most: 16, fallback: 2 })
  const started = performance.now()
  return withQueue(context, async queue => {
    const embedded = await queue.embed(async (item, signal) => pack(await embedWork(workers, item, signal)), {
      together,
      ...shift(context),
    })
    const json = { embedded, failed: await queue.failures(), seconds: seconds(started) }
    return { json, text: told(`${embedded} videos embedded by this worker in ${json.seconds} s.`, json.failed) }
  })
}

/** Writes what the others have embedded. */
async function writer(context: CommandContext, { workers }: Workbench): Promise<CommandResult> {
  const committer = new Committer(workers.store)
  const started = performance.now()
  return withQueue(context, async queue => {
    await queue.write(video => committer.add(unpack(video)), shift(context))
    await committer.finish(context.signal)
    const { written, already, batches } = committer.counts
    const json = { written, already, batches, seconds: seconds(started) }
    return {
      json,
      text: `${written} videos written in ${batches} commits, ${already} were complete already, in ${json.seconds} s.`,
    }
  })
}

/** Embeds a part of a list of files, and writes it. */
async function ofList(context: CommandContext, { workers }: Workbench): Promise<CommandResult> {
  const { values, signal, progress } = context
  const part = readPart(text(values, 'part') ?? '1/1')
  if (!part) throw new UsageError('--part takes the number of a part and how many there are, as 3/8, from 1/8 to 8/8.')
  const started = performance.now()
  const paths = linesOf(await readList(resolve(text(values, 'list') ?? '')), part).map(path => resolve(path))
  const keys = await keysOf(workers, values.dense === true ? ['overview', 'dense'] : ['overview'])
  const committer = new Committer(workers.store)
  const failed: { path: string; reason: string }[] = []
  const writing = new Set<Promise<void>>()
  let [embedded, already] = [0, 0]
  for (const [index, path] of paths.entries()) {
    progress.count('Embedding', { done: index, total: paths.length, current: path })
    try {
      const { contentId } = await examineFile(path, workers, signal)
      const complete = await Promise.all(
        Object.values(keys).map(async key => (await workers.store.shared?.complete(key, [contentId]))?.has(contentId)),
      )
      if (complete.every(Boolean)) {
        already += 1
        continue
      }
      const write = committer.add(await embedWork(workers, { path, contentId, keys }, signal))
      embedded += 1
      writing.add(write)
      // Heard of when all are waited for.
      write.catch(() => undefined)
      if (writing.size >= videosInFlight) await drain(writing)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ExpectedError) || fatal.has(error.code)) throw error
      failed.push({ path, reason: error.message })
    }
  }
  await drain(writing)
  progress.end()
  const json = { videos: paths.length, embedded, already, failed, seconds: seconds(started) }
  const line = `${paths.length} videos of part ${part.number} of ${part.of}: ${embedded} embedded, ${already} complete already, ${failed.length} failed, in ${json.seconds} s.`
  return { json, text: told(line, failed), exitCode: failed.length > 0 ? 1 : 0 }
}

/** Embedded videos that wait for the store, which takes those that wait in one commit. */
const videosInFlight = 16
/** What would meet every video of the list alike. */
const fatal = new Set(['worker-differs', 'ffmpeg-missing', 'ffmpeg-broken', 'engine-load', 'disk-full'])

async function drain(writing: Set<Promise<void>>): Promise<void> {
  await Promise.all(writing)
  writing.clear()
}

/** Once, when all parts of a list are done. */
async function optimise({ signal }: CommandContext, { workers }: Workbench): Promise<CommandResult> {
  const started = performance.now()
  await new Committer(workers.store).finish(signal)
  const json = { seconds: seconds(started) }
  return { json, text: `Files merged and indexes brought up to date in ${json.seconds} s.` }
}

async function withQueue<Result>(context: CommandContext, use: (queue: WorkQueue) => Promise<Result>): Promise<Result> {
  const queue = await WorkQueue.open(redisOf(context.values))
  try {
    return await use(queue)
  } finally {
    context.progress.end()
    await queue.close()
  }
}

const shift = ({ values, signal, progress }: CommandContext) => ({
  signal,
  untilEmpty: values['until-empty'] === true,
  onCounts: ({ toEmbed, toWrite, failed }: QueueCounts) =>
    progress.count('Queue', { done: toEmbed, total: null, current: `${toWrite} to write, ${failed} failed` }),
})

const seconds = (started: number): number => Number(((performance.now() - started) / 1000).toFixed(1))

function told(line: string, failed: readonly { readonly path: string; readonly reason: string }[]): string {
  if (failed.length === 0) return line
  return [
    line,
    '',
    table(
      ['failed', 'reason'],
      failed.map(({ path, reason }) => [path, reason]),
    ),
  ].join('\n')
}
