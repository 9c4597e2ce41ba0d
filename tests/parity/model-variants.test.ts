import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forkLauncher } from '../../main/engine/index.ts'
import { verify } from '../../main/models/index.ts'
import { writeVariantFolder } from './model-variants.ts'
import type { Variant } from './model-variants.ts'

/** Computed by model_eager.py in PyTorch 1.13: sizes and settings of which there are no numbers of the published code. */
const variants = JSON.parse(await readFile(new URL('../fixtures/model-variants.json', import.meta.url), 'utf8')) as Variant[]

test.each(variants)('$what', async variant => {
  const folder = await mkdtemp(join(tmpdir(), 'model-variant-'))
  try {
    await writeVariantFolder(variant, folder)
    const report = await verify({ fixture: folder, cases: [], device: null }, { launch: forkLauncher(), devices: () => Promise.resolve([]) })
    expect(report.cases.map(({ name, problem }) => ({ name, problem }))).toEqual(variant.cases.map(({ name }) => ({ name, problem: null })))
    for (const one of report.cases) for (const { name, maxAbsDiff } of one.outputs) {
      console.log(`${one.name} ${name}: ${maxAbsDiff?.toExponential(2)}`)
      // float32 sums in another order; a forgotten quirk shows in the second digit.
      expect(maxAbsDiff, `${one.name} ${name}`).toBeLessThan(2e-5)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
