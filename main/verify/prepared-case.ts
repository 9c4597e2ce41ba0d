import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '../../native-models/checkpoints/safetensors/safetensors.ts'
import { inPrecision } from '../../native-models/graph/precision/precision.ts'
import type { Precision } from '../../native-models/graph/precision/precision.ts'
import type { Program } from '../../native-models/graph/program.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import { labelWeight } from '../../native-models/lfvila/configuration/state-dict.ts'
import { weightsFile } from '../model-folder/model-file.ts'
import { readFinite, Weights } from '../models/import/weights.ts'
import { processExists } from '../processes/process-exists.ts'
import { writeProgram } from '../programs/program-files.ts'
import { readCaseInputs } from './case-inputs.ts'
import type { CaseInputs } from './case-inputs.ts'
import { fixturePath } from './fixture.ts'
import type { Fixture, FixtureCase } from './fixture.ts'

/** A case with its inputs read and its checkpoints open. */
export interface PreparedCase {
  readonly config: LfVilaConfig
  readonly inputs: CaseInputs
  readonly weights: Weights
  /**
   * Writes a program, in a precision, with the weights it needs into a folder that is removed afterwards. @returns the
   * path of the ONNX file.
   */
  write(program: Program, precision?: Precision): Promise<string>
}

const temporary = 'lfvila-verify-'

interface PreparedWork<Result> {
  readonly config: LfVilaConfig
  readonly signal: AbortSignal | undefined
  readonly work: (prepared: PreparedCase) => Promise<Result>
}

/** Weights go straight from the fixture's checkpoints into programs of their own; the registry has no part in it. */
export async function withPreparedCase<Result>(
  fixture: Fixture,
  one: FixtureCase,
  { config, signal, work }: PreparedWork<Result>,
): Promise<Result> {
  const inputs = await readCaseInputs(fixture, one, config)
  await removeAbandoned()
  const weights = await Weights.open(one.weights.map(file => fixturePath(fixture, file)))
  const folder = await mkdtemp(join(tmpdir(), `${temporary}${process.pid}-`))
  const write = async (program: Program, precision: Precision = 'fp32'): Promise<string> => {
    weights.assert(program.parameters)
    await writeSafetensors(
      join(folder, weightsFile),
      program.parameters.map(({ name, shape }) => ({
        name,
        shape,
        read: () => readFinite(name, weights.get(name, shape)!),
      })),
      { metadata: {}, signal },
    )
    return writeProgram(folder, 'verify', inPrecision(program, precision))
  }
  try {
    return await work({ config: caseConfig(one, config, weights), inputs, weights, write })
  } finally {
    await weights.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A verification that was killed leaves its copy of the weights, a gigabyte at full size. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, owner] = new RegExp(`^${temporary}(\\d+)-`).exec(name) ?? []
    if (owner !== undefined && !processExists(Number(owner))) {
      await rm(join(tmpdir(), name), { recursive: true, force: true })
    }
  }
}

/** The fixture's configuration with what the case says otherwise; how many labels there are is up to its checkpoint. */
export function caseConfig(
  { model, maskValue, patchesPerFrame }: FixtureCase,
  config: LfVilaConfig,
  weights: Weights,
): LfVilaConfig {
  const classifier = labelWeight(model)
  const labels = classifier ? weights.get(classifier)?.shape[0] : undefined
  return {
    ...config,
    text: { ...config.text, maskValue },
    videoPatches: patchesPerFrame ?? config.videoPatches,
    labels: labels ?? config.labels,
  }
}
