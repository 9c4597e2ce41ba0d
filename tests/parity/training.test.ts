import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { forkLauncher } from '../../main/engine/launcher.ts'
import { readConfigFiles } from '../../main/reading-process/read-config.ts'
import { caseFeeds } from '../../main/verify/case-inputs.ts'
import { readFixture } from '../../main/verify/fixture.ts'
import { readNpy } from '../../main/verify/npy.ts'
import { withPreparedCase } from '../../main/verify/prepared-case.ts'
import { verify } from '../../main/verify/verify.ts'
import { gradients } from '../../native-models/graph/gradients/gradients.ts'
import { makeProgram } from '../../native-models/graph/program.ts'
import { parseConfig } from '../../native-models/lfvila/configuration/config.ts'
import { models } from '../../native-models/lfvila/models/models.ts'
import { parameterGroup } from '../../native-models/training/parameter-groups.ts'
import { folderOfTest } from '../support/folders.ts'
import { thorough } from '../support/sample.ts'
import { runOnce, sessionWithWeights } from './fixture-session.ts'

const folder = join(import.meta.dirname, '../fixtures/tiny-a')
const fixture = join(folder, 'verify-train.json')
const environment = { launch: forkLauncher(), devices: () => Promise.resolve([]) }

/** Losses, gradients and weights were computed by the published code with PyTorch's autograd and AdamW. */
test('five training steps give the published losses, gradients and weights', async () => {
  const { cases } = await verify({ fixture, cases: [], device: null, precision: 'fp32' }, environment)
  for (const { name, problem, outputs } of cases) {
    expect(problem).toBeNull()
    for (const output of outputs) {
      console.log(
        `${name} ${output.name}: ${output.maxAbsDiff?.toExponential(2)} (relative ${output.maxRelDiff?.toExponential(2)})`,
      )
      expect({ case: name, ...output }).toMatchObject({ pass: true })
    }
  }
}, 300_000)

/**
 * One weight at a time, so that none hides behind the large gradients of others. Weights whose published gradient is
 * rounding noise (attention's key biases, to which softmax is blind) must have one as small.
 */
test('the gradient of every weight agrees with the published one within a thousandth of its size', async () => {
  const source = await readFixture(fixture)
  const [one] = source.cases
  if (!one) throw new Error('the fixture has no case')
  const files = await readConfigFiles(join(folder, source.modelConfig), join(folder, source.bertConfig))
  const { names } = JSON.parse(await readFile(join(folder, 'train/grad_names.json'), 'utf8')) as { names: string[] }
  const published = await readNpy(join(folder, 'train/grad_samples.npy'))
  const computed = await withPreparedCase(source, one, {
    config: parseConfig(files.model, files.bert),
    signal: undefined,
    work: async ({ config, inputs, weights }) => {
      const loss = models.retrieval(config, { video: inputs.videoShape, text: inputs.textShape })['loss.global']
      if (!loss) throw new Error('the model has no loss')
      const program = makeProgram(
        'gradients',
        Object.fromEntries([...gradients(loss(), names)].map(([name, gradient]) => [`gradient.${name}`, gradient])),
      )
      return runOnce(await sessionWithWeights(program, weights), caseFeeds(program, inputs))
    },
  })
  const tolerance = 1e-3
  const noise = 1e-7 * Array.from(published.data).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const relative = names.map((name, row) => {
    const values = computed[`gradient.${name}`]?.data ?? []
    let [difference, size] = [0, 0]
    for (let index = 0; index < 64; index++) {
      const expected = published.data[row * 64 + index] ?? NaN
      difference += (Number(values[Math.floor(index * ((values.length - 1) / 63))]) - expected) ** 2
      size += expected ** 2
    }
    const zero = Math.sqrt(size) < 64 * noise
    return { name, error: Math.sqrt(difference) / (zero ? (64 * noise) / tolerance : Math.sqrt(size)) }
  })
  const worst = relative.reduce((most, one) => (one.error > most.error ? one : most))
  console.log(`worst: ${worst.name} ${worst.error.toExponential(2)}`)
  expect(worst.error).toBeLessThan(tolerance)
})

thorough('a training case with another learning rate fails', async () => {
  const changed = JSON.parse(await readFile(fixture, 'utf8')) as {
    cases: { train: { steps: number; learningRate: number }; outputs: { name: string }[] }[]
  }
  for (const { train } of changed.cases) Object.assign(train, { steps: 1, learningRate: 6e-5 })
  changed.cases.splice(1)
  const [only] = changed.cases
  if (only) only.outputs = only.outputs.filter(({ name }) => name.startsWith('parameters'))
  const copy = join(folderOfTest('models'), 'fixture')
  await cp(folder, copy, { recursive: true })
  await writeFile(join(copy, 'verify.json'), JSON.stringify(changed))
  const { cases } = await verify({ fixture: copy, cases: [], device: null, precision: 'fp32' }, environment)
  expect(cases.map(({ pass }) => pass)).toEqual([false])
})

test('a training case without an input that its loss needs says which', async () => {
  const changed = JSON.parse(await readFile(fixture, 'utf8')) as {
    cases: { model: string; train: { loss: string }; outputs: unknown }[]
  }
  changed.cases.splice(1)
  for (const one of changed.cases) {
    Object.assign(one, {
      model: 'pretrain-stage1',
      outputs: [{ name: 'losses', file: 'train/losses_official_groups.npy' }],
      train: { ...one.train, loss: 'loss.time' },
    })
  }
  const copy = join(folderOfTest('models'), 'fixture')
  await cp(folder, copy, { recursive: true })
  await writeFile(join(copy, 'verify.json'), JSON.stringify(changed))
  const { cases } = await verify({ fixture: copy, cases: [], device: null, precision: 'fp32' }, environment)
  expect(cases[0]).toMatchObject({
    pass: false,
    problem: 'The input keyIndices is missing, but its outputs need [2, 2]; correct the fixture.',
  })
})

test.each([
  ['video_encoder.layers.0.blocks.0.norm1.weight', 'decay'],
  ['video_encoder.layers.0.blocks.0.attn.relative_position_bias_table', 'no-decay'],
  ['text_encoder.bert.encoder.layer.0.attention.output.LayerNorm.weight', 'no-decay'],
  ['text_encoder.bert.embeddings.position_embeddings.weight', 'decay'],
  ['video_token_pos.s_pos_embed', 'no-decay'],
  ['sent_embedding.norm.weight', 'decay'],
  ['text_encoder.bert.pooler.dense.weight', 'excluded'],
])('%s is in the group %s', (name, group) => {
  expect(parameterGroup(name)).toBe(group)
})
