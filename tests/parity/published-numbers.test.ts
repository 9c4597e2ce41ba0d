import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Weights } from '../../main/models/import/weights.ts'
import { compare } from '../../main/models/parity-check/compare.ts'
import { caseFeeds, readCaseInputs } from '../../main/verify/case-inputs.ts'
import { fixturePath, readFixture } from '../../main/verify/fixture.ts'
import type { FixtureCase } from '../../main/verify/fixture.ts'
import { readNpy } from '../../main/verify/npy.ts'
import type { NumpyArray } from '../../main/verify/npy.ts'
import { caseConfig } from '../../main/verify/prepared-case.ts'
import { selectPart } from '../../main/verify/select.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { Form } from '../../native-models/lfvila/configuration/form.ts'
import { forward } from '../../native-models/programs/forward.ts'
import { runOnce, sessionWithWeights } from './fixture-session.ts'

/**
 * The numbers were computed by the published PyTorch code. 1e-4 leaves room for another order of float32 sums in
 * 12 blocks (features are of the order of 1), and would not let any of the code's quirks be forgotten.
 */
const tolerance = 1e-4

const fixture = await readFixture(fileURLToPath(new URL('../fixtures/tiny-a', import.meta.url)))
const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(fixturePath(fixture, name), 'utf8'))
const config = parseConfig(await json(fixture.modelConfig), await json(fixture.bertConfig))

describe.each(
  (['explicit', 'fused'] as const).flatMap(form =>
    fixture.cases.map(fixtureCase => ({ title: `${fixtureCase.name}, ${form} ops`, fixtureCase, form })),
  ),
)('$title', async ({ title, fixtureCase, form }) => {
  const { results, batch } = await run(fixtureCase, form)
  test.each(fixtureCase.outputs)('$name', async output => {
    const actual = results[output.name]
    if (!actual) throw new Error(`${output.name} is missing`)
    const { maxAbsDiff } = compare(
      selectPart(actual, output, batch),
      await readNpy(fixturePath(fixture, output.file)),
      { tolerance, relativeTolerance: null },
    )
    console.log(`${title} ${output.name}: ${maxAbsDiff?.toExponential(2)}`)
    expect(maxAbsDiff).toBeLessThanOrEqual(tolerance)
  })
})

async function run(
  fixtureCase: FixtureCase,
  form: Form,
): Promise<{ results: Record<string, NumpyArray>; batch: number }> {
  const inputs = await readCaseInputs(fixture, fixtureCase, config)
  const weights = await Weights.open(fixtureCase.weights.map(file => fixturePath(fixture, file)))
  try {
    const program = forward(caseConfig(fixtureCase, config, weights), fixtureCase.model, {
      outputs: fixtureCase.outputs.map(({ name }) => name),
      video: inputs.videoShape,
      text: inputs.textShape,
      form,
    })
    const outputs = await runOnce(await sessionWithWeights(program, weights), caseFeeds(program, inputs))
    const results = Object.entries(outputs).map(([name, { dims, data }]): [string, NumpyArray] => [
      name,
      { shape: [...dims], data: data as Float32Array },
    ])
    return { results: Object.fromEntries(results), batch: inputs.videoShape[0] }
  } finally {
    await weights.close()
  }
}
