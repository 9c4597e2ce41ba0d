import { setTimeout as delay } from 'node:timers/promises'
import { Queue, UnrecoverableError, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { packedVideo, workItem, workName } from './work.ts'
import type { PackedVideo, WorkItem } from './work.ts'

/** Names of the two queues in Redis: videos to embed, and finished ones to write. */
const [toEmbed, toWrite] = ['lfvila-embed', 'lfvila-write']
const committerLock = 'lfvila:committer'
/** A video whose worker died is given to another one this often; then it is taken for what kills them. */
const mostDeaths = 10
/** Tries of a video whose failure says nothing about it. */
const attempts = 3
/** Finished videos that may wait to be written before no more are embedded. */
const mostWaiting = 256
/** Videos that a committer takes at once. */
const writtenTogether = 64
/** Videos that are put into the queue at once. */
const filledTogether = 200
/** Between two looks at a queue, in milliseconds. */
const lookInterval = 500

export interface QueueOptions {
  /** `redis://[user:password@]host:port`. */
  readonly redis: string
  /** Seconds after which the work of a worker that died is given to another. */
  readonly lock: number
}

export interface QueueCounts {
  /** Waiting or in work. */
  readonly toEmbed: number
  readonly toWrite: number
  readonly failed: number
}

/** How long to work: until everything is done, or for ever, and in either case until the signal aborts. */
export interface Shift {
  readonly untilEmpty: boolean
  readonly signal: AbortSignal
  readonly onCounts?: (counts: QueueCounts) => void
}

/**
 * The queue of one indexing on many machines, in Redis, by BullMQ. Whoever works on a job renews its lock meanwhile:
 * what computes must not do so in this thread.
 */
export class WorkQueue {
  readonly #redis: Redis
  readonly #embed: Queue
  readonly #write: Queue
  readonly #lock: number

  private constructor(redis: Redis, lock: number) {
    this.#redis = redis
    this.#lock = Math.round(1000 * lock)
    this.#embed = new Queue(toEmbed, { connection: redis })
    this.#write = new Queue(toWrite, { connection: redis })
  }

  /** @throws ExpectedError `redis-unreachable`. */
  static async open({ redis: address, lock }: QueueOptions): Promise<WorkQueue> {
    // BullMQ asks that a request waits for ever; only the first connection is not waited for.
    const redis = new Redis(address, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => null })
    let problem: Error | null = null
    redis.on('error', (error: Error) => (problem = error))
    try {
      await redis.connect()
    } catch (error) {
      redis.disconnect()
      const reason = problem ?? (error as Error)
      throw new ExpectedError(
        'redis-unreachable',
        `Redis at ${withoutPassword(address)} cannot be reached (${reason.message}): start redis-server there, or correct --redis.`,
        { cause: error },
      )
    }
    redis.options.retryStrategy = times => Math.min(1000, 50 * times)
    return new WorkQueue(redis, lock)
  }

  /** Puts videos into the queue; what waits or is in work already stays, and what failed is tried again. */
  async fill(items: readonly WorkItem[]): Promise<void> {
    const options = { attempts, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true }
    const add = async (item: WorkItem) => {
      const jobId = workName(item)
      const known = await this.#embed.getJob(jobId)
      if (await known?.isFailed()) await known?.remove()
      await this.#embed.add('embed', item, { ...options, jobId })
    }
    for (let first = 0; first < items.length; first += filledTogether) {
      await Promise.all(items.slice(first, first + filledTogether).map(add))
    }
  }

  async counts(): Promise<QueueCounts> {
    const open = ['waiting', 'active', 'delayed', 'prioritized'] as const
    const sum = async (queue: Queue) =>
      Object.values(await queue.getJobCounts(...open)).reduce((total, count) => total + count, 0)
    // In this order: a video goes from one to the other.
    const waiting = await sum(this.#embed)
    return { toEmbed: waiting, toWrite: await sum(this.#write), failed: await this.#embed.getFailedCount() }
  }

  /** The videos that were given up, with the reason. */
  async failures(): Promise<{ path: string; reason: string }[]> {
    const jobs = await this.#embed.getFailed(0, 9999)
    return jobs.map(job => {
      const { path } = workItem.parse(job.data)
      const died = job.failedReason.startsWith('job stalled')
      return { path, reason: died ? `Its worker died ${mostDeaths} times while it was embedded.` : job.failedReason }
    })
  }

  /**
   * Embeds videos, `together` at a time, and hands them on to be written.
   * @returns how many.
   * @throws what an item is not at fault for, as a model that is another one.
   */
  async embed(
    work: (item: WorkItem, signal: AbortSignal) => Promise<PackedVideo>,
    { together, ...shift }: Shift & { readonly together: number },
  ): Promise<number> {
    let embedded = 0
    const fault = new AbortController()
    const signal = AbortSignal.any([shift.signal, fault.signal])
    const worker = new Worker(
      toEmbed,
      async job => {
        try {
          while ((await this.#write.getWaitingCount()) >= mostWaiting) await delay(lookInterval, undefined, { signal })
          const video = await work(workItem.parse(job.data), signal)
          await this.#write.add('write', video, { jobId: job.id!, removeOnComplete: true, removeOnFail: true })
          embedded += 1
        } catch (error) {
          if (signal.aborted) return leftToOthers
          if (!(error instanceof ExpectedError) || passing.has(error.code)) throw error
          if (!workerFaults.has(error.code)) throw new UnrecoverableError(error.message)
          fault.abort(error)
          return leftToOthers
        }
      },
      { ...this.#workerOptions(), concurrency: together, maxStalledCount: mostDeaths },
    )
    await this.#until(worker, { ...shift, signal }, ({ toEmbed: waiting }) => waiting === 0)
    if (fault.signal.aborted) throw fault.signal.reason
    return embedded
  }

  /**
   * Writes what was embedded. One at a time does so: another one waits until this one has ended or was silent for as
   * long as a lock lasts.
   * @throws what `write` throws: the videos then stay in the queue.
   */
  async write(write: (video: PackedVideo) => Promise<void>, shift: Shift): Promise<void> {
    const fault = new AbortController()
    const signal = AbortSignal.any([shift.signal, fault.signal])
    const turn = await this.#turn(signal)
    const worker = new Worker(
      toWrite,
      async job => {
        try {
          await turn.assertMine()
          await write(packedVideo.parse(job.data))
        } catch (error) {
          fault.abort(error)
          return leftToOthers
        }
      },
      { ...this.#workerOptions(), concurrency: writtenTogether, maxStalledCount: Number.MAX_SAFE_INTEGER },
    )
    try {
      await this.#until(worker, { ...shift, signal }, ({ toEmbed: a, toWrite: b }) => a + b === 0)
      if (fault.signal.aborted) throw fault.signal.reason
    } finally {
      await turn.end()
    }
  }

  async close(): Promise<void> {
    await this.#embed.close()
    await this.#write.close()
    this.#redis.disconnect()
  }

  #workerOptions() {
    return { connection: this.#redis, lockDuration: this.#lock, stalledInterval: this.#lock, drainDelay: 1 }
  }

  /** Lets a worker work until its shift is over; jobs in work are then finished, or given up when the signal aborts. */
  async #until(worker: Worker, { untilEmpty, signal, onCounts }: Shift, isDone: (counts: QueueCounts) => boolean) {
    worker.on('error', () => undefined)
    try {
      for (;;) {
        await delay(lookInterval, undefined, { signal })
        const counts = await this.counts()
        onCounts?.(counts)
        if (untilEmpty && isDone(counts)) break
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      await worker.close(signal.aborted)
    }
  }

  /** The turn of the one committer. */
  async #turn(signal: AbortSignal) {
    const me = `${process.pid}-${Math.random()}`
    while ((await this.#redis.set(committerLock, me, 'PX', this.#lock, 'NX')) !== 'OK') {
      await delay(lookInterval, undefined, { signal })
    }
    const ifMine = async (command: string) =>
      this.#redis.eval(
        `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end ${command} return 1`,
        ...[1, committerLock, me, this.#lock],
      )
    const assertMine = async () => {
      if ((await ifMine('')) === 1) return
      throw new ExpectedError(
        'committer-replaced',
        'This committer was silent for too long, and another one writes now: end this one, or start it again to stand by.',
      )
    }
    const renew = () => ifMine(`redis.call('pexpire', KEYS[1], ARGV[2])`).catch(() => undefined)
    const renewal = setInterval(() => void renew(), this.#lock / 3)
    return {
      assertMine,
      end: async () => {
        clearInterval(renewal)
        await ifMine(`redis.call('del', KEYS[1])`)
      },
    }
  }
}

/** What a job comes to that is not finished here: it goes to another worker when this one no longer renews its lock. */
const leftToOthers = new Promise<never>(() => undefined)

/** Failures after which the same video may well succeed. */
const passing = new Set(['engine-crashed', 'engine-hung'])

/** Failures that the machine or the model of a worker is at fault for, not the video. */
const workerFaults = new Set(['worker-differs', 'ffmpeg-missing', 'ffmpeg-broken', 'engine-load', 'disk-full'])

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//…@')
}
