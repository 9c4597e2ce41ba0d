import { VectorStore } from '../../../../main/retrieval/vectors/vectors.ts'
import { Committer } from '../../../../main/workers/committer.ts'
import { embedWork } from '../../../../main/workers/embed-work.ts'
import { WorkQueue } from '../../../../main/workers/queue.ts'
import { pack, unpack } from '../../../../main/workers/work.ts'
import { encoderOf, mediaInfo, samplerOf, takeTime } from '../../../unit/retrieval/stand-ins.ts'

/** The process that gets killed: a worker on the queue, with a stand-in for the model. */
const [redis = '', folder = '', role = ''] = process.argv.slice(2)
const queue = await WorkQueue.open({ redis, lock: 1 })
const store = await VectorStore.open(folder, { shared: true })
const signal = new AbortController().signal
const encoder = encoderOf('m', () => takeTime(20))
const parts = {
  store,
  encoder: async () => encoder,
  settings: () => ({ sampling: 'fast' as const, denseRate: 1 }),
  sampler: { ...samplerOf(), probe: async () => mediaInfo(16) },
}
if (role === 'write') {
  const committer = new Committer(store)
  await queue.write(video => committer.add(unpack(video)), { untilEmpty: true, signal })
  process.stdout.write(`${JSON.stringify(committer.counts)}\n`)
} else {
  const embedded = await queue.embed(async item => pack(await embedWork(parts, item, signal)), {
    together: 2,
    untilEmpty: true,
    signal,
  })
  process.stdout.write(`${JSON.stringify({ embedded })}\n`)
}
await queue.close()
await store.close()
