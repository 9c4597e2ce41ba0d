import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Random } from '../../../native-models/starter/seeded-random.ts'

/** What a process did to the files of a folder, in its order; paths from the folder on. */
type Step =
  | { readonly kind: 'create' | 'folder' | 'remove'; readonly path: string }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'size'; readonly path: string; readonly size: number }

/** A change of names. */
type NameStep = Extract<Step, { kind: 'create' | 'folder' | 'remove' | 'rename' | 'link' }>
/** A change of a file's content that is not on the disk yet. */
type Change = Extract<Step, { kind: 'write' | 'size' }>

interface File {
  /** What is on the disk. */
  content: Buffer
  pending: Change[]
}
/** Files by their names; null for a folder. */
type Names = Map<string, File | null>
/** What one step does to names at once; undefined where a name goes. */
type NameChange = readonly (readonly [path: string, file: File | null | undefined])[]

/** Compiles the recorder, once in a run of the tests; null where there is no C compiler, or no Linux on x64. */
export function recorder(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const library = join(tmpdir(), 'power-cut-recorder.so')
  try {
    const source = join(import.meta.dirname, 'recorder.c')
    execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' })
    return library
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** What a program is started with so that its work below a folder is written down. */
export function recording(library: string, folder: string, log: string): Record<string, string> {
  // Writes that go through a ring of the kernel pass the recorder by.
  return { LD_PRELOAD: library, POWER_CUT_ROOT: folder, POWER_CUT_LOG: log, UV_USE_IO_URING: '0' }
}

const kinds = { c: 'create', m: 'folder', u: 'remove', s: 'sync', r: 'rename', l: 'link' } as const

/** A recording, from the state of the folder before it on. */
export class Recording {
  readonly #folder: string
  readonly #before: Names
  #steps: Step[] = []

  /** Looks at the folder as it is before the program starts. */
  constructor(folder: string) {
    this.#folder = folder
    this.#before = namesBelow(folder)
  }

  /** Reads what was written down. */
  read(log: string): void {
    const bytes = readFileSync(log)
    for (let at = 0; at < bytes.length;) {
      const letter = String.fromCharCode(bytes[at] ?? 0)
      const [first, second] = [bytes.readUInt16LE(at + 1), bytes.readUInt16LE(at + 3)]
      const [offset, size] = [Number(bytes.readBigUInt64LE(at + 5)), bytes.readUInt32LE(at + 13)]
      at += 17
      const path = bytes.toString('utf8', at, at + first).slice(this.#folder.length + 1)
      const to = bytes.toString('utf8', at + first, at + first + second).slice(this.#folder.length + 1)
      const data = bytes.subarray(at + first + second, at + first + second + size)
      at += first + second + size
      // A file that has no name any more is nobody's.
      if (path.endsWith(' (deleted)')) continue
      if (letter === 'w') this.#steps.push({ kind: 'write', path, offset, data })
      else if (letter === 't') this.#steps.push({ kind: 'size', path, size: offset })
      else if (letter === 'r' || letter === 'l') this.#steps.push({ kind: kinds[letter], path, to })
      else this.#steps.push({ kind: kinds[letter as 'c' | 'm' | 'u' | 's'], path })
    }
  }

  get steps(): number {
    return this.#steps.length
  }

  /** How many steps had been done when something was written to a file, each time. */
  writesTo(path: string): number[] {
    return this.#steps.flatMap((step, index) => (step.kind === 'write' && step.path === path ? [index + 1] : []))
  }

  /** The folder as the program saw it in the end. */
  whole(into: string): void {
    const names = this.#play(this.#steps.length).seen
    write(names, into, file => applied(file.content, file.pending))
  }

  /**
   * A folder as a disk may hold it when the power fails after so many steps: names change in their order and at the
   * latest with the next synchronisation, as a journal keeps them; of a file there is what was synchronised, or that
   * with later writes, or with later sizes and nothing in them.
   */
  cut(steps: number, into: string, random: Random): void {
    const { durable, since } = this.#play(steps)
    for (const change of since.slice(0, random.below(since.length + 1))) apply(durable, change)
    write(durable, into, ({ content, pending }) => {
      const chosen = random.below(3)
      if (chosen === 0) return content
      return applied(content, chosen === 1 ? pending : pending.map(emptied))
    })
  }

  /** Names as the program sees them and as they are on the disk, and what has happened to them since. */
  #play(count: number): { seen: Names; durable: Names; since: NameChange[] } {
    const seen: Names = new Map(
      [...this.#before].map(([path, file]) => [path, file && { content: file.content, pending: [] }]),
    )
    let durable = new Map(seen)
    let since: NameChange[] = []
    for (const step of this.#steps.slice(0, count)) {
      const file = seen.get(step.path)
      if (step.kind === 'write' || step.kind === 'size') {
        file?.pending.push(step)
      } else if (step.kind === 'sync') {
        if (file) {
          file.content = applied(file.content, file.pending)
          file.pending = []
        }
        durable = new Map(seen)
        since = []
      } else {
        const change = nameChange(seen, step)
        apply(seen, change)
        since.push(change)
      }
    }
    return { seen, durable, since }
  }
}

function nameChange(names: Names, step: NameStep): NameChange {
  switch (step.kind) {
    case 'create':
      return names.has(step.path) ? [] : [[step.path, { content: Buffer.alloc(0), pending: [] }]]
    case 'folder':
      return [[step.path, null]]
    case 'remove':
      return [[step.path, undefined]]
    case 'link':
      return [[step.to, names.get(step.path)]]
    case 'rename':
      return [...names]
        .filter(([path]) => path === step.path || path.startsWith(`${step.path}/`))
        .flatMap(([path, file]) => [
          [path, undefined] as const,
          [step.to + path.slice(step.path.length), file] as const,
        ])
  }
}

function apply(names: Names, change: NameChange): void {
  for (const [path, file] of change) {
    if (file === undefined) names.delete(path)
    else names.set(path, file)
  }
}

function applied(content: Buffer, changes: readonly Change[]): Buffer {
  if (changes.length === 0) return content
  const ends = changes.map(step => (step.kind === 'write' ? step.offset + step.data.length : step.size))
  const room = Buffer.alloc(Math.max(content.length, ...ends))
  content.copy(room)
  let length = content.length
  for (const step of changes) {
    if (step.kind === 'write') {
      step.data.copy(room, step.offset)
      length = Math.max(length, step.offset + step.data.length)
    } else {
      room.fill(0, Math.min(step.size, length))
      length = step.size
    }
  }
  return room.subarray(0, length)
}

/** The same write of nothing but zeros: its place is on the disk, and what belongs there is not. */
function emptied(step: Change): Change {
  return step.kind === 'write' ? { ...step, data: Buffer.alloc(step.data.length) } : step
}

function namesBelow(folder: string): Names {
  const names: Names = new Map()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const isFolder = statSync(join(folder, path)).isDirectory()
    names.set(path, isFolder ? null : { content: readFileSync(join(folder, path)), pending: [] })
  }
  return names
}

function write(names: Names, into: string, contentOf: (file: File) => Buffer): void {
  mkdirSync(into, { recursive: true })
  for (const [path, file] of names) {
    if (file === null) {
      mkdirSync(join(into, path), { recursive: true })
    } else {
      mkdirSync(dirname(join(into, path)), { recursive: true })
      writeFileSync(join(into, path), contentOf(file))
    }
  }
}
