import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../../../native-models/starter/seeded-random.ts'
import { commandLineWords } from '../../support/child-program.ts'

/** What is killed: the program itself, or one of the processes that it has started by then. */
export type Victim = 'program' | 'child'

export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** The name of the program that was killed, or null when the command had ended before. */
  readonly killed: string | null
  readonly milliseconds: number
}

/** Milliseconds after which a command counts as one that has hung. */
const patience = 240_000

/**
 * Runs a command of `lfvila` in a process of its own.
 * @param kill after how many milliseconds something of it is ended as by `kill -9`, and what.
 * @param around what it is started by, with that program's words, and what is added to its environment.
 */
export async function runCommand(
  words: readonly string[],
  kill: { readonly after: number; readonly victim: Victim; readonly random: Random } | null = null,
  { by = [], env = {} }: { readonly by?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const started = performance.now()
  const [program = '', ...rest] = [...by, process.execPath, ...commandLineWords(), ...words, '--json']
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  const end = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>(done =>
    child.once('close', (exitCode, signal) => done({ exitCode, signal })),
  )
  const hung = new AbortController()
  void delay(patience, undefined, { signal: hung.signal }).then(
    () => child.kill('SIGABRT'),
    () => undefined,
  )
  let killed: string | null = null
  if (kill && child.pid !== undefined) {
    await Promise.race([delay(kill.after), end])
    killed = child.exitCode === null && child.signalCode === null ? killOf(child.pid, kill) : null
  }
  const { exitCode, signal } = await end
  hung.abort()
  return { exitCode, signal, ...texts, killed, milliseconds: performance.now() - started }
}

function killOf(program: number, { victim, random }: { victim: Victim; random: Random }): string | null {
  const others = victim === 'child' ? descendants(program) : []
  const chosen = others.length > 0 ? (others[random.below(others.length)] ?? program) : program
  const name = chosen === program ? 'lfvila' : nameOf(chosen)
  try {
    process.kill(chosen, 'SIGKILL')
    return name
  } catch {
    // It ended by itself in the same moment.
    return null
  }
}

/** Processes below one, as Linux lists them; none elsewhere. */
function descendants(program: number): number[] {
  const parents = new Map<number, number>()
  for (const name of listed('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = /\) \S (\d+)/.exec(text(`/proc/${name}/stat`))?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([own]) => [own, ...below(own)])
  return below(program)
}

function nameOf(id: number): string {
  const words = text(`/proc/${id}/cmdline`).split('\0')
  const script = words.find(word => /\.(js|mjs|ts)$/.test(word))
  return (script ?? words[0] ?? 'process').replace(/^.*\//, '')
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
