import { appendFile, mkdir, readdir, readFile, rename, rm, truncate } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { logLine, metricPoint, run } from '../../api/training.ts'
import type { LogLine, MetricPoint, Run } from '../../api/training.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { writeFileAtomic } from '../../storage/index.ts'
import { writeRunData } from './run-data.ts'
import type { RunData } from './run-data.ts'
import { appendEvents, eventFile, fileVersion, scalarEvents } from './tensorboard.ts'

/**
 * One run on the disk: `run.json` what it is and how far it came, `metrics.jsonl` and a TensorBoard event file of every point,
 * `log.jsonl`, `data.json` the rows it was made from, `start/` the model it begins with, `checkpoints/`.
 */
export class RunFolder {
  readonly path: string
  #record: Run

  private constructor(folder: string, record: Run) {
    this.path = folder
    this.#record = record
  }

  /** Makes the folder of a new run below `runs`, whole or not at all. */
  static async create(runs: string, record: Run, data: RunData): Promise<RunFolder> {
    const folder = path.join(runs, record.id)
    const beside = path.join(runs, `.${record.id}.part`)
    await mkdir(path.join(beside, 'checkpoints'), { recursive: true })
    await writeFileAtomic(path.join(beside, 'run.json'), json(record))
    await writeRunData(beside, data)
    await writeFileAtomic(eventFile(beside, record.createdAt), fileVersion(record.createdAt))
    await rename(beside, folder)
    return new RunFolder(folder, record)
  }

  /** @throws ExpectedError when there is no such run or its record is damaged. */
  static async open(runs: string, id: string): Promise<RunFolder> {
    if (!/^[\w-]{1,80}$/.test(id)) throw unknownRun(id)
    const folder = path.join(runs, id)
    const text = await readFile(path.join(folder, 'run.json'), 'utf8').catch(() => { throw unknownRun(id) })
    return new RunFolder(folder, parseRecord(folder, text))
  }

  /** Every run that can be read, the newest first. */
  static async list(runs: string): Promise<RunFolder[]> {
    const entries = await readdir(runs, { withFileTypes: true }).catch(() => [])
    const opened = await Promise.allSettled(entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => RunFolder.open(runs, name)))
    return opened.flatMap(result => (result.status === 'fulfilled' ? [result.value] : [])).sort((a, b) => b.record.createdAt - a.record.createdAt)
  }

  get record(): Run {
    return this.#record
  }

  get checkpoints(): string {
    return path.join(this.path, 'checkpoints')
  }

  get start(): string {
    return path.join(this.path, 'start')
  }

  /** Changes the record as it is on the disk, where another part of the program may have changed it since. */
  async change(changes: Partial<Run>): Promise<Run> {
    this.#record = { ...parseRecord(this.path, await readFile(path.join(this.path, 'run.json'), 'utf8')), ...changes }
    await writeFileAtomic(path.join(this.path, 'run.json'), json(this.#record))
    return this.#record
  }

  /** Appends points; both files get them. */
  async append(points: readonly MetricPoint[]): Promise<void> {
    await appendFile(this.#metrics, points.map(point => `${JSON.stringify(point)}\n`).join(''))
    await appendEvents(eventFile(this.path, this.#record.createdAt), scalarEvents(points))
  }

  /** Points after a step, oldest first. A line that a crash cut short is passed over. */
  async metrics(afterStep = -1): Promise<MetricPoint[]> {
    return (await lines(this.#metrics, metricPoint)).filter(({ step }) => step > afterStep)
  }

  /** Forgets points after a step: those that will be computed again from a checkpoint. */
  async forgetAfter(step: number): Promise<void> {
    const kept = (await this.metrics()).filter(point => point.step <= step)
    await writeFileAtomic(this.#metrics, kept.map(point => `${JSON.stringify(point)}\n`).join(''))
    const events = eventFile(this.path, this.#record.createdAt)
    await truncate(events, 0)
    await appendEvents(events, Buffer.concat([fileVersion(this.#record.createdAt), scalarEvents(kept)]))
  }

  async say(level: LogLine['level'], text: string): Promise<void> {
    await appendFile(this.#log, `${JSON.stringify({ time: Date.now(), level, text } satisfies LogLine)}\n`)
  }

  log(): Promise<LogLine[]> {
    return lines(this.#log, logLine)
  }

  /** Deletes the run; under another name first, so that none is left that lacks half its files. */
  async remove(): Promise<void> {
    const doomed = path.join(path.dirname(this.path), `.${this.#record.id}.part`)
    await rename(this.path, doomed)
    await rm(doomed, { recursive: true, force: true })
  }

  get #metrics(): string {
    return path.join(this.path, 'metrics.jsonl')
  }

  get #log(): string {
    return path.join(this.path, 'log.jsonl')
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function unknownRun(id: string): ExpectedError {
  return new ExpectedError('run-unknown', `There is no run ‘${id}’.`)
}

function parseRecord(folder: string, text: string): Run {
  try {
    return run.parse(JSON.parse(text))
  } catch (error) {
    throw new ExpectedError('run-damaged', `The record of the run in ${folder} cannot be read (run.json); its checkpoints are still in that folder.`, { cause: error })
  }
}

async function lines<Line>(file: string, schema: z.ZodType<Line>): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [schema.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}
