import { appendFile, mkdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { logLine, metricPoint, runRecord } from '../../../api/training/training.ts'
import type { LogLine, MetricPoint, RunRecord } from '../../../api/training/training.ts'
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts'
import { readJsonLines, syncJsonLines } from '../../../storage/files/json-lines.ts'
import { RecordFolder } from '../../../storage/record-folder.ts'
import type { RecordKind } from '../../../storage/record-folder.ts'
import { writeRunData } from './run-data.ts'
import type { RunData } from './run-data.ts'
import { appendEvents, eventFile, fileVersion, scalarEvents } from './tensorboard.ts'

const kind: RecordKind<RunRecord> = {
  file: 'run.json',
  schema: runRecord,
  unknown: id => new ExpectedError('run-unknown', `There is no run ‘${id}’.`),
  damaged: (folder, cause) =>
    new ExpectedError(
      'run-damaged',
      `The record of the run in ${folder} cannot be read (run.json); its checkpoints are still in that folder.`,
      { cause },
    ),
}

/**
 * One run on the disk: `run.json` what it is and how far it came, `metrics.jsonl` and a TensorBoard event file of every
 * point, `log.jsonl`, `data.json` the rows it was made from, `start/` the model it begins with, `checkpoints/`.
 */
export class RunFolder {
  readonly #folder: RecordFolder<RunRecord>

  private constructor(folder: RecordFolder<RunRecord>) {
    this.#folder = folder
  }

  /** Makes the folder of a new run below `runs`, whole or not at all. */
  static async create(runs: string, record: RunRecord, data: RunData): Promise<RunFolder> {
    return new RunFolder(
      await RecordFolder.create(kind, runs, {
        record,
        fill: async folder => {
          await mkdir(join(folder, 'checkpoints'))
          await writeRunData(folder, data)
          await writeFileAtomic(eventFile(folder, record.createdAt), fileVersion(record.createdAt))
        },
      }),
    )
  }

  /** @throws ExpectedError when there is no such run or its record is damaged. */
  static async open(runs: string, id: string): Promise<RunFolder> {
    return new RunFolder(await RecordFolder.open(kind, runs, id))
  }

  /** Every run that can be read, the newest first. */
  static async list(runs: string): Promise<RunFolder[]> {
    return (await RecordFolder.list(kind, runs)).map(folder => new RunFolder(folder))
  }

  /** A sentence for each run whose record cannot be read. */
  static damaged(runs: string): Promise<string[]> {
    return RecordFolder.damaged(kind, runs)
  }

  get path(): string {
    return this.#folder.path
  }

  get record(): RunRecord {
    return this.#folder.record
  }

  get checkpoints(): string {
    return join(this.path, 'checkpoints')
  }

  get start(): string {
    return join(this.path, 'start')
  }

  /** Changes the record as it is on the disk, where another part of the program may have changed it since. */
  change(changes: Partial<RunRecord>): Promise<RunRecord> {
    return this.#folder.change(changes)
  }

  /** Appends points; both files get them. */
  async append(points: readonly MetricPoint[]): Promise<void> {
    await appendFile(this.#metrics, points.map(point => `${JSON.stringify(point)}\n`).join(''))
    await appendEvents(eventFile(this.path, this.record.createdAt), scalarEvents(points))
  }

  /** Forces all points onto the disk: whoever goes on from a checkpoint has those before it from there. */
  async syncPoints(): Promise<void> {
    for (const file of [this.#metrics, eventFile(this.path, this.record.createdAt)]) await syncJsonLines(file)
  }

  /** Points after a step, oldest first. A line that a crash cut short is passed over. */
  async metrics(afterStep = -1): Promise<MetricPoint[]> {
    return (await readJsonLines(this.#metrics, metricPoint)).filter(({ step }) => step > afterStep)
  }

  /** Forgets points after a step: those that will be computed again from a checkpoint. */
  async forgetAfter(step: number): Promise<void> {
    const kept = (await this.metrics()).filter(point => point.step <= step)
    await writeFileAtomic(this.#metrics, kept.map(point => `${JSON.stringify(point)}\n`).join(''))
    const events = eventFile(this.path, this.record.createdAt)
    await truncate(events, 0)
    await appendEvents(events, Buffer.concat([fileVersion(this.record.createdAt), scalarEvents(kept)]))
  }

  async say(level: LogLine['level'], text: string): Promise<void> {
    await appendFile(this.#log, `${JSON.stringify({ time: Date.now(), level, text } satisfies LogLine)}\n`)
  }

  log(): Promise<LogLine[]> {
    return readJsonLines(this.#log, logLine)
  }

  /** Deletes the run, whole. */
  remove(): Promise<void> {
    return this.#folder.remove()
  }

  get #metrics(): string {
    return join(this.path, 'metrics.jsonl')
  }

  get #log(): string {
    return join(this.path, 'log.jsonl')
  }
}
