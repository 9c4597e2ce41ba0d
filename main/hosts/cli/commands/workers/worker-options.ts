import type { QueueOptions } from '../../../../workers/queue.ts'
import { UsageError, number, text } from '../../terminal/command.ts'
import type { OptionValues } from '../../terminal/command.ts'

/** Seconds without a sign of life after which a worker counts as dead. */
const usualLock = 30

export function redisOf(values: OptionValues): QueueOptions {
  const redis = text(values, 'redis')
  if (redis === undefined) throw new UsageError('--redis is required, as redis://127.0.0.1:6379.')
  if (!/^rediss?:\/\/./.test(redis)) throw new UsageError(`--redis takes redis://HOST:PORT, not "${redis}".`)
  return { redis, lock: number(values, 'lock', { least: 1 }) ?? usualLock }
}

/** Workers write to a store that is nobody's own. */
export function sharedStore(values: OptionValues): string {
  const store = text(values, 'store')
  if (store === undefined) {
    throw new UsageError('--store is required: an address of LanceDB, as s3://bucket/vectors, or a folder.')
  }
  return store
}
