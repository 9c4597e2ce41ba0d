import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { JobQueue } from '../../../../main/jobs/job-queue.ts'
import { indexJob } from '../../../../main/retrieval/indexing/index-job.ts'
import { EmbeddingLedger } from '../../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../../main/storage/database.ts'
import { encoderOf, samplerOf, takeTime, videoOf } from '../../../unit/retrieval/stand-ins.ts'

/** The process that gets killed: an index job over a workspace, every encoded segment noted in a log. */
const [folder = '', count = '0'] = process.argv.slice(2)
const videos = Array.from({ length: Number(count) }, (_, index) =>
  videoOf(index + 1, { duration: 24 + (index % 3) * 8 }),
)

const database = openDatabase(join(folder, 'library.db'))
const store = await VectorStore.open(join(folder, 'vectors'))
const ledger = new EmbeddingLedger(database)
const sampler = samplerOf(async (_path, _segment, signal) => takeTime(2, signal))
const encoder = encoderOf('m', () => takeTime(4))
const encodeVideo = encoder.encodeVideo.bind(encoder)
encoder.encodeVideo = async (frames, signal) => {
  const embedding = await encodeVideo(frames, signal)
  appendFileSync(join(folder, 'encoded.log'), '.')
  return embedding
}

const jobs = new JobQueue(database)
jobs.define({
  index: {
    run: indexJob({
      store,
      ledger,
      sampler,
      encoder: async () => encoder,
      hold: () => () => undefined,
      settings: () => ({ sampling: 'fast', denseRate: 1 }),
      library: {
        readyVideos: () => videos,
        markFailed: () => {
          throw new Error('no video of this test fails')
        },
      },
    }),
  },
})
const unfinished = jobs.list().find(job => job.state === 'queued' || job.state === 'running')
const job =
  unfinished ?? jobs.enqueue({ kind: 'index', title: 'Index everything', payload: { videoIds: null, dense: true } })
jobs.start()
const ended = await jobs.wait(job.id)
process.stdout.write(`${job.id} ${ended.state}\n`)
await jobs.close()
await store.close()
database.close()
