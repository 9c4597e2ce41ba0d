import type { Command } from '../terminal/command.ts'
import { device, flag, model, precision, string, unlimited } from './shared-options.ts'

const redis: Command['help'][number] = ['--redis URL', 'the Redis with the queue, as redis://127.0.0.1:6379']
const lock: Command['help'][number] = [
  '--lock SECONDS',
  'after so long without a sign of life the work of a worker goes to another (default: 30)',
]
const dense: Command['help'][number] = ['--dense', 'also every few seconds, for moments and long alignments']

/** Indexing by many processes and machines. */
export const workerCommands: Command[] = [
  {
    name: 'enqueue',
    usage: 'FOLDER… --redis URL --store URI',
    summary: 'open folders of videos and put what the store does not have into the queue of workers',
    options: { redis: string, lock: string, dense: flag, model: string, device: string, precision: string },
    positionals: { least: 1, most: unlimited },
    help: [redis, lock, dense, model, device, precision],
    load: async () => (await import('./workers/enqueue-command.ts')).enqueue,
  },
  {
    name: 'worker',
    usage: '(--redis URL [--commit] | --list FILE [--part I/N] | --optimise) --store URI',
    summary: 'one of many processes that index together into one store',
    options: {
      redis: string,
      lock: string,
      commit: flag,
      'until-empty': flag,
      together: string,
      list: string,
      part: string,
      optimise: flag,
      dense: flag,
      model: string,
      device: string,
      precision: string,
    },
    positionals: { least: 0, most: 0 },
    help: [
      redis,
      ['--commit', 'write what the others embed; one at a time does'],
      ['--until-empty', 'end when nothing is left to do (default: wait for more)'],
      ['--together N', 'videos in work at once (default: 2, so that one is decoded while the model has the other)'],
      lock,
      ['--list FILE', 'embed and write the videos of a file with one path a line, without a queue'],
      ['--part I/N', 'of the list every Nth, from the Ith on (default: 1/1)'],
      dense,
      ['--optimise', 'merge small files of the store and build its indexes, once, when all parts are done'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./workers/worker-command.ts')).worker,
  },
]
