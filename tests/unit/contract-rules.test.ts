import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { settings } from '../../main/api/app.ts'
import * as rules from '../../main/api/common/rules.ts'
import type { Limits } from '../../main/api/common/rules.ts'
import { within } from '../../main/api/common/within.ts'
import { retrievalMetricsSchema } from '../../main/api/evaluation/figures.ts'
import { contract } from '../../main/api/index.ts'
import { splitRule } from '../../main/api/training/datasets.ts'
import { hyperparameters, trainable } from '../../main/api/training/training.ts'

const root = join(import.meta.dirname, '../..')

describe('the plain data of the contract', () => {
  it('names the kinds that its unions have', () => {
    expect(trainable.options.map(({ shape }) => shape.what.value)).toEqual([...rules.trainableParts])
    expect(splitRule.options.map(({ shape }) => shape.by.value)).toEqual([...rules.splitRules])
    expect(Object.keys(retrievalMetricsSchema.shape).filter(name => /^r\d/.test(name))).toEqual([...rules.recalls])
    expect([...rules.splitsToEvaluate].sort()).toEqual([...rules.splits].sort())
    expect([...rules.modelKinds].sort()).toEqual([...rules.tasks].sort())
  })

  it.each(Object.entries<Limits>(rules.limits))(
    'takes a number of %s up to its limits and none beyond',
    (_, limits) => {
      const taken = (value: number) => within(limits).safeParse(value).success
      const step = limits.whole ? 1 : 1e-6
      if (limits.whole) expect(taken((limits.min ?? 0) + 0.5)).toBe(false)
      if (limits.min !== undefined) expect([taken(limits.min), taken(limits.min - step)]).toEqual([true, false])
      if (limits.above !== undefined) expect([taken(limits.above + step), taken(limits.above)]).toEqual([true, false])
      if (limits.max !== undefined) expect([taken(limits.max), taken(limits.max + step)]).toEqual([true, false])
    },
  )

  it('begins with values that the contract takes', () => {
    const schedule = { kind: 'step', warmupEpochs: 1, minimum: 0, ...rules.publishedSteps }
    const parameters = { ...rules.publishedParameters, epochs: 1, batchSize: 1, schedule }
    expect(hyperparameters.parse(parameters)).toEqual(parameters)
    expect(splitRule.parse(rules.drawnSplit)).toEqual(rules.drawnSplit)
    expect(settings.shape.denseRate.safeParse(rules.limits.denseRate.max).success).toBe(true)
  })
})

describe('the window', () => {
  const files = readdirSync(join(root, 'renderer'), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(ts|vue)$/.test(file))
    .map(file => ({ file, text: readFileSync(join(root, 'renderer', file), 'utf8') }))
  const word = "'[\\w.-]+'"
  const written = new RegExp(`\\[\\s*${word}(?:,\\s*${word})+,?\\s*\\]|${word}(?:\\s*\\|\\s*${word})+`, 'g')

  it('types no list again that the contract has', () => {
    const known = new Map(
      [...enumsOf(contract), ...Object.values<unknown>(rules).filter(isList)].map(list => [keyOf(list), list]),
    )
    expect(known.size).toBeGreaterThan(25)
    const again = files.flatMap(({ file, text }) =>
      (text.match(written) ?? [])
        .filter(found => known.has(keyOf(found.match(/[\w.-]+/g) ?? [])))
        .map(found => `${file}: ${found}`),
    )
    expect(again).toEqual([])
  })

  it('types no limit of a field', () => {
    const limit = /\s:?(?:min|max|maxlength)="[\d.]/
    const typed = files.flatMap(({ file, text }) =>
      (text.match(/<(?:NumberField|input)\b[^>]*?>/g) ?? [])
        .filter(tag => limit.test(tag) && !tag.includes('type="range"'))
        .map(tag => `${file}: ${tag}`),
    )
    expect(typed).toEqual([])
  })

  it('takes no other value from main, says lint, and the plain data need none', async () => {
    const lint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId.endsWith('no-restricted-imports') })
    const refusals = async (file: string, code: string): Promise<number> => {
      const [result] = await lint.lintText(code, { filePath: join(root, file) })
      return result!.errorCount
    }
    const store = 'renderer/stores/jobs.ts'
    expect(await refusals(store, "import { job } from '../../main/api/jobs.ts'\nexport const one = job\n")).toBe(1)
    expect(
      await refusals(store, "import { tasks } from '../../main/api/common/rules.ts'\nexport const all = tasks\n"),
    ).toBe(0)
    expect(await refusals('main/api/common/rules.ts', "import { z } from 'zod'\nexport const one = z.string()\n")).toBe(
      1,
    )
  })
})

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 1 && value.every(one => typeof one === 'string')

/** Two lists of the same words in whatever order are one. */
const keyOf = (list: readonly string[]): string => [...list].sort().join()

/** The words of every enumeration in a contract. */
function enumsOf(contract: object, seen = new Set<unknown>()): string[][] {
  if (seen.has(contract)) return []
  seen.add(contract)
  const { type, entries } = contract as { type?: unknown; entries?: object }
  const own = type === 'enum' && entries ? [Object.values(entries) as string[]] : []
  const parts = [...Object.values(contract), ...('def' in contract ? [contract.def] : [])]
  return [
    ...own,
    ...parts.filter(part => typeof part === 'object' && part !== null).flatMap(part => enumsOf(part, seen)),
  ]
}
