import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { parseConfig } from '../../../native-models/lfvila/config.ts'
import type { LfVilaConfig } from '../../../native-models/lfvila/config.ts'
import { labelWeight } from '../../../native-models/lfvila/state-dict.ts'
import { forward } from '../../../native-models/programs/forward.ts'
import type { VerifyReport } from '../../api/models.ts'
import type { Engine } from '../../engine/index.ts'
import { processExists } from '../../storage/process-exists.ts'
import { writeProgram, weightsFile } from '../program-files.ts'
import { readConfigFiles } from '../read-config.ts'
import { readFinite, Weights } from '../weights.ts'
import { caseFeeds, readCaseInputs } from './case-inputs.ts'
import { compare } from './compare.ts'
import { fixturePath, readFixture } from './fixture.ts'
import type { Fixture, FixtureCase } from './fixture.ts'
import { readNpy } from './npy.ts'
import type { NumpyArray } from './npy.ts'
import { selectPart } from './select.ts'

type CaseReport = VerifyReport['cases'][number]

export interface VerifyOptions {
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
export async function verifyFixture(path: string, engine: Engine, { cases, signal, onProgress }: VerifyOptions): Promise<VerifyReport> {
  const fixture = await readFixture(path)
  const unknown = cases.find(name => !fixture.cases.some(one => one.name === name))
  if (unknown) throw new ExpectedError('fixture-case', `The fixture has no case ‘${unknown}’; it has ${fixture.cases.map(({ name }) => name).join(', ')}.`)
  const chosen = fixture.cases.filter(({ name }) => cases.length === 0 || cases.includes(name))
  const files = await readConfigFiles(fixturePath(fixture, fixture.modelConfig), fixturePath(fixture, fixture.bertConfig))
  const config = parseConfig(files.model, files.bert)
  const reports: CaseReport[] = []
  for (const [index, one] of chosen.entries()) {
    signal?.throwIfAborted()
    onProgress?.(index, chosen.length, one.name)
    reports.push(await verifyCase(fixture, one, config, engine, signal))
  }
  onProgress?.(chosen.length, chosen.length, null)
  return { cases: reports }
}

async function verifyCase(fixture: Fixture, one: FixtureCase, config: LfVilaConfig, engine: Engine, signal?: AbortSignal): Promise<CaseReport> {
  try {
    if (one.train !== undefined) throw new ExpectedError('unsupported', 'not supported yet: training steps')
    const { outputs, batch } = await computeOutputs(fixture, one, config, engine, signal)
    const compared = await Promise.all(one.outputs.map(async expected => {
      const actual = outputs.get(expected.name)
      if (!actual) throw new Error(`The program did not compute ${expected.name}.`)
      const tolerance = expected.tolerance ?? (expected.relativeTolerance === undefined ? fixture.tolerance : null)
      const difference = compare(selectPart(actual, expected, batch), await readNpy(fixturePath(fixture, expected.file)), tolerance, expected.relativeTolerance ?? null)
      return { name: expected.name, ...difference, tolerance: tolerance ?? expected.relativeTolerance ?? fixture.tolerance }
    }))
    const incomparable = compared.filter(({ maxAbsDiff }) => maxAbsDiff === null).map(({ name }) => name)
    const problem = incomparable.length > 0 ? `${incomparable.join(', ')}: the computed values and the fixture's differ in number, or one of them is not a number.` : null
    return { name: one.name, pass: compared.every(({ pass }) => pass), problem, outputs: compared }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    const outputs = one.outputs.map(({ name, tolerance, relativeTolerance }) => ({
      name, maxAbsDiff: null, maxRelDiff: null, cosine: null, tolerance: tolerance ?? relativeTolerance ?? fixture.tolerance, pass: false,
    }))
    return { name: one.name, pass: false, problem: error.message, outputs }
  }
}

const temporary = 'lfvila-verify-'

/** A verification that was killed leaves its copy of the weights, a gigabyte at full size. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, owner] = new RegExp(`^${temporary}(\\d+)-`).exec(name) ?? []
    if (owner !== undefined && !processExists(Number(owner))) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** The fixture's configuration with what the case says otherwise; how many labels there are is up to its checkpoint. */
export function caseConfig({ model, maskValue, patchesPerFrame }: FixtureCase, config: LfVilaConfig, weights: Weights): LfVilaConfig {
  const classifier = labelWeight(model)
  const labels = classifier ? weights.get(classifier)?.shape[0] : undefined
  return { ...config, text: { ...config.text, maskValue }, videoPatches: patchesPerFrame ?? config.videoPatches, labels: labels ?? config.labels }
}

/** Weights go straight from the fixture's checkpoints into a program of its own; the registry has no part in it. */
async function computeOutputs(fixture: Fixture, one: FixtureCase, config: LfVilaConfig, engine: Engine, signal?: AbortSignal): Promise<{ outputs: Map<string, NumpyArray>; batch: number }> {
  const inputs = await readCaseInputs(fixture, one, config)
  await removeAbandoned()
  const folder = await mkdtemp(join(tmpdir(), `${temporary}${process.pid}-`))
  const weights = await Weights.open(one.weights.map(file => fixturePath(fixture, file)))
  try {
    const program = forward(caseConfig(one, config, weights), one.model, {
      outputs: [...new Set(one.outputs.map(({ name }) => name))], video: inputs.videoShape, pixels: inputs.pixels, text: inputs.textShape,
    })
    weights.demand(program.parameters)
    await writeSafetensors(join(folder, weightsFile), program.parameters.map(({ name, shape }) => ({
      name, shape, read: () => readFinite(name, weights.get(name, shape)!),
    })), {}, signal)
    const session = await engine.load(await writeProgram(folder, 'verify', program), { prepack: false }, signal)
    try {
      const { fallback } = engine.status()
      if (fallback) throw new ExpectedError('device-unusable', fallback)
      const results = await engine.run(session, caseFeeds(program, inputs), { signal })
      const outputs = new Map(Object.entries(results).map(([name, { dims, data }]): [string, NumpyArray] => {
        if (!(data instanceof Float32Array)) throw new Error(`The output ${name} is not float32.`)
        return [name, { shape: [...dims], data: new Float32Array(data) }]
      }))
      return { outputs, batch: inputs.videoShape[0] }
    } finally {
      await engine.release(session)
    }
  } finally {
    await weights.close()
    await rm(folder, { recursive: true, force: true })
  }
}
