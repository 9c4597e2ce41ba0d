import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import { forward } from '../../native-models/programs/forward.ts'
import type { VerifyInput, VerifyReport } from '../api/models.ts'
import type { Engine } from '../engine/engine.ts'
import { compare } from '../models/parity-check/compare.ts'
import { readConfigFiles } from '../reading-process/read-config.ts'
import { caseFeeds } from './case-inputs.ts'
import { fixturePath, readFixture } from './fixture.ts'
import type { Fixture, FixtureCase, FixtureOutput } from './fixture.ts'
import { readNpy } from './npy.ts'
import { withPreparedCase } from './prepared-case.ts'
import type { PreparedCase } from './prepared-case.ts'
import { selectPart } from './select.ts'
import { trainOutputs } from './verify-training.ts'
import type { CaseOutput } from './verify-training.ts'

type CaseReport = VerifyReport['cases'][number]

/** What half precision may differ: relative to an output's largest magnitude, and in direction. */
const half = { relativeTolerance: 2e-2, cosine: 0.9995 }

export interface VerifyOptions {
  precision: VerifyInput['precision']
  /** Names of the cases to run; empty for all. */
  cases: readonly string[]
  signal?: AbortSignal
  /** Called before each case and once at the end. */
  onProgress?: (done: number, total: number, current: string | null) => void
}

/**
 * Computes every output of a fixture with our own programs and compares it with the fixture's numbers.
 * @param path The fixture's folder.
 * @throws ExpectedError when it is no fixture or has no such case; what one case cannot do is said in its report.
 */
export async function verifyFixture(
  path: string,
  engine: Engine,
  { cases, precision, signal, onProgress }: VerifyOptions,
): Promise<VerifyReport> {
  const fixture = await readFixture(path)
  const unknown = cases.find(name => !fixture.cases.some(one => one.name === name))
  if (unknown) {
    throw new ExpectedError(
      'fixture-case',
      `The fixture has no case ‘${unknown}’; it has ${fixture.cases.map(({ name }) => name).join(', ')}.`,
    )
  }
  const chosen = fixture.cases.filter(({ name }) => cases.length === 0 || cases.includes(name))
  const files = await readConfigFiles(
    fixturePath(fixture, fixture.modelConfig),
    fixturePath(fixture, fixture.bertConfig),
  )
  const config = parseConfig(files.model, files.bert)
  const reports: CaseReport[] = []
  for (const [index, one] of chosen.entries()) {
    signal?.throwIfAborted()
    onProgress?.(index, chosen.length, one.name)
    reports.push(await verifyCase(fixture, one, { config, precision, engine, signal }))
  }
  onProgress?.(chosen.length, chosen.length, null)
  return { cases: reports }
}

interface CaseOnEngine {
  readonly config: LfVilaConfig
  readonly precision: VerifyInput['precision']
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

async function verifyCase(
  fixture: Fixture,
  one: FixtureCase,
  { config, precision, engine, signal }: CaseOnEngine,
): Promise<CaseReport> {
  const toleranceOf = ({ tolerance, relativeTolerance }: FixtureOutput): number =>
    precision === 'fp16' ? half.relativeTolerance : (tolerance ?? relativeTolerance ?? fixture.tolerance)
  try {
    const { train } = one
    if (train && precision !== 'fp32') {
      throw new ExpectedError('verify-precision', 'A case that trains is verified in fp32 only.')
    }
    const [outputs, batch] = await withPreparedCase(fixture, one, {
      config,
      signal,
      work: async prepared =>
        [
          train
            ? await trainOutputs(fixture, one, { train, prepared, engine, signal })
            : await computeOutputs(prepared, one, { precision, engine, signal }),
          prepared.inputs.videoShape[0],
        ] as const,
    })
    const compared = await Promise.all(
      one.outputs.map(async expected => {
        const actual = outputs.get(expected.name)
        if (!actual) {
          throw new ExpectedError('fixture', `This case has no output ${expected.name}; correct the fixture.`)
        }
        const absolute = expected.tolerance ?? (expected.relativeTolerance === undefined ? fixture.tolerance : null)
        const [tolerance, relativeTolerance] =
          precision === 'fp16' ? [null, half.relativeTolerance] : [absolute, expected.relativeTolerance ?? null]
        const difference = compare(
          selectPart(actual, expected, batch),
          await readNpy(fixturePath(fixture, expected.file)),
          { tolerance, relativeTolerance, left: actual.undetermined },
        )
        const turned = precision === 'fp16' && difference.cosine !== null && difference.cosine < half.cosine
        return {
          name: expected.name,
          ...difference,
          pass: difference.pass && !turned,
          tolerance: toleranceOf(expected),
        }
      }),
    )
    const incomparable = compared.filter(({ maxAbsDiff }) => maxAbsDiff === null).map(({ name }) => name)
    const problem =
      incomparable.length > 0
        ? english`${incomparable.join(', ')}: the computed values and the fixture's differ in number, or one of them is not a number.`
        : null
    return { name: one.name, pass: compared.every(({ pass }) => pass), problem, outputs: compared }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    const outputs = one.outputs.map(output => ({
      name: output.name,
      maxAbsDiff: null,
      maxRelDiff: null,
      cosine: null,
      tolerance: toleranceOf(output),
      pass: false,
    }))
    return { name: one.name, pass: false, problem: error.message, outputs }
  }
}

interface CaseEngine {
  readonly precision: VerifyInput['precision']
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

async function computeOutputs(
  { config, inputs, write }: PreparedCase,
  one: FixtureCase,
  { precision, engine, signal }: CaseEngine,
): Promise<Map<string, CaseOutput>> {
  const program = forward(config, one.model, {
    outputs: [...new Set(one.outputs.map(({ name }) => name))],
    video: inputs.videoShape,
    pixels: inputs.pixels,
    text: inputs.textShape,
  })
  const session = await engine.load(await write(program, precision), { prepack: false }, signal)
  try {
    const { fallback } = engine.status()
    if (fallback) throw new ExpectedError('device-unusable', fallback)
    const results = await engine.run(session, caseFeeds(program, inputs), { signal })
    return new Map(
      Object.entries(results).map(([name, { dims, data }]): [string, CaseOutput] => {
        if (!(data instanceof Float32Array)) throw new Error(`The output ${name} is not float32.`)
        return [name, { shape: [...dims], data: new Float32Array(data) }]
      }),
    )
  } finally {
    await engine.release(session)
  }
}
