import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import type { ExpectedError } from '../../native-models/expected-error.ts'
import { writeFileAtomic } from './files/atomic-file.ts'
import { sweepLeftOvers, unfinishedMark } from './files/left-overs.ts'
import { renameSynced } from './files/sync.ts'

/** What a folder of this kind holds: one JSON file says what it is and how far it came. */
export interface RecordKind<Content> {
  readonly file: string
  readonly schema: z.ZodType<Content>
  readonly unknown: (id: string) => ExpectedError
  readonly damaged: (folder: string, cause: unknown) => ExpectedError
}

interface Identified {
  readonly id: string
  readonly createdAt: number
}

interface NewRecord<Content> {
  readonly record: Content
  /** Writes what else belongs into the new folder. */
  readonly fill: (folder: string) => Promise<void>
}

/**
 * A folder named for its id below a common one, made whole or not at all, with a record that is replaced atomically.
 */
export class RecordFolder<Content extends Identified> {
  readonly path: string
  readonly #kind: RecordKind<Content>
  #record: Content

  private constructor(kind: RecordKind<Content>, folder: string, record: Content) {
    this.#kind = kind
    this.path = folder
    this.#record = record
  }

  static async create<Content extends Identified>(
    kind: RecordKind<Content>,
    home: string,
    { record, fill }: NewRecord<Content>,
  ): Promise<RecordFolder<Content>> {
    const folder = join(home, record.id)
    const beside = unfinished(home, record.id)
    try {
      await mkdir(beside, { recursive: true })
      await writeFileAtomic(join(beside, kind.file), json(record))
      await fill(beside)
      await renameSynced(beside, folder)
    } catch (error) {
      await rm(beside, { recursive: true, force: true })
      throw error
    }
    return new RecordFolder(kind, folder, record)
  }

  /** @throws ExpectedError when there is none of this id or its record is damaged. */
  static async open<Content extends Identified>(
    kind: RecordKind<Content>,
    home: string,
    id: string,
  ): Promise<RecordFolder<Content>> {
    if (!/^[\w-]{1,80}$/.test(id)) throw kind.unknown(id)
    const folder = join(home, id)
    const text = await readFile(join(folder, kind.file), 'utf8').catch(() => {
      throw kind.unknown(id)
    })
    return new RecordFolder(kind, folder, parse(kind, folder, text))
  }

  /** Every one that can be read, the newest first. */
  static async list<Content extends Identified>(
    kind: RecordKind<Content>,
    home: string,
  ): Promise<RecordFolder<Content>[]> {
    const opened = await Promise.allSettled((await namesIn(home)).map(name => RecordFolder.open(kind, home, name)))
    return opened
      .flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
      .sort((a, b) => b.record.createdAt - a.record.createdAt)
  }

  /** A sentence for each whose record is there and cannot be read. */
  static async damaged<Content extends Identified>(kind: RecordKind<Content>, home: string): Promise<string[]> {
    const found = await Promise.all(
      (await namesIn(home)).map(async name => {
        const folder = join(home, name)
        const text = await readFile(join(folder, kind.file), 'utf8').catch(() => null)
        try {
          if (text !== null) parse(kind, folder, text)
          return []
        } catch (error) {
          return [error instanceof Error ? error.message : String(error)]
        }
      }),
    )
    return found.flat()
  }

  /** Deletes what a crash left half made or half deleted. */
  static async tidy(home: string): Promise<void> {
    await sweepLeftOvers(home, name => name.startsWith('.') && name.endsWith('.part'))
  }

  get record(): Content {
    return this.#record
  }

  /**
   * Changes the record as it is on the disk, where another part of the program may have changed it since; changes are
   * made in the order of the calls.
   */
  change(changes: Partial<Content>): Promise<Content> {
    const file = join(this.path, this.#kind.file)
    const changed = (changing.get(file) ?? Promise.resolve()).then(async () => {
      this.#record = { ...parse(this.#kind, this.path, await readFile(file, 'utf8')), ...changes }
      await writeFileAtomic(file, json(this.#record))
      return this.#record
    })
    const settled = changed
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (changing.get(file) === settled) changing.delete(file)
      })
    changing.set(file, settled)
    return changed
  }

  /** Deletes the folder; under another name first, so that none is left that lacks half its files. */
  async remove(): Promise<void> {
    const doomed = unfinished(dirname(this.path), this.#record.id)
    await rename(this.path, doomed)
    await rm(doomed, { recursive: true, force: true })
  }
}

/** The last change under way of each record of this process. */
const changing = new Map<string, Promise<void>>()

async function namesIn(home: string): Promise<string[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch(() => [])
  return entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
}

const unfinished = (home: string, id: string): string => join(home, `.${id}.${unfinishedMark()}.part`)

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function parse<Content>({ schema, damaged }: RecordKind<Content>, folder: string, text: string): Content {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(folder, error)
  }
}
