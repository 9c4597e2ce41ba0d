import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from '../../support/models/models.ts'

/** A workspace with the command line on it, and every word that was ever given to it. */
export interface Bench {
  readonly folder: string
  /** Runs a command in this process. @returns its JSON document. */
  readonly lfvila: <Json = Record<string, unknown>>(...words: string[]) => Promise<Json>
  /** What was asked for so far, as {@link claims} writes it. */
  readonly asked: ReadonlySet<string>
  readonly close: () => Promise<void>
}

const options = /^--/

/** `model export`, `model export --format`, `model export --format torch` of such a command line. */
export function claims(words: readonly string[]): string[] {
  const count = ['model', 'dataset'].includes(words[0] ?? '') ? 2 : 1
  const name = words.slice(0, count).join(' ')
  const given = words.slice(count)
  return [
    name,
    ...given.flatMap((word, index) => {
      if (!options.test(word)) return []
      const value = given[index + 1]
      return [`${name} ${word}`, ...(value === undefined || options.test(value) ? [] : [`${name} ${word} ${value}`])]
    }),
  ]
}

export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-promises-'))
  const run = commandLine(join(folder, 'workspace'))
  const asked = new Set<string>()
  return {
    folder,
    asked,
    lfvila: async <Json>(...words: string[]) => {
      const result = await run<Json>(...words)
      for (const claim of claims(words)) asked.add(claim)
      return result
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
