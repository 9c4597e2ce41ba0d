import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { probeDevices } from '../../../main/engine/devices/devices.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import { verify } from '../../../main/verify/verify.ts'
import { folderOfTest } from '../../support/folders.ts'
import { tinyA } from '../../support/models/models.ts'
import { sample, thorough } from '../../support/sample.ts'

const environment = {
  launch: forkLauncher(),
  devices: () => probeDevices({ launch: forkLauncher({ VK_ICD_FILENAMES: '/no/driver.json' }), platform: 'linux' }),
}
const run = (
  fixture: string,
  cases: string[] = [],
  device: string | null = null,
  precision: 'fp32' | 'fp16' = 'fp32',
) => verify({ fixture, cases, device, precision }, environment)

/** A copy of the fixture whose verify.json was changed. */
async function changedFixture(change: (fixture: { cases: Record<string, unknown>[] }) => void): Promise<string> {
  const folder = join(folderOfTest('models'), 'fixture')
  await cp(tinyA, folder, { recursive: true, dereference: true })
  const path = join(folder, 'verify.json')
  const fixture = JSON.parse(await readFile(path, 'utf8'))
  change(fixture)
  await writeFile(path, JSON.stringify(fixture))
  return folder
}

describe('model verify', () => {
  it('agrees with the numbers of the published code in every output', async () => {
    const progress: (string | null)[] = []
    const report = await verify(
      { fixture: tinyA, cases: [], device: null, precision: 'fp32' },
      { ...environment, tell: ({ current }) => progress.push(current) },
    )
    for (const { name, pass, problem, outputs } of report.cases) {
      expect({ name, pass, problem }).toEqual({ name, pass: true, problem: null })
      // The fixture asks for 1e-4; single precision of this depth reaches 1e-5.
      for (const output of outputs) {
        // An accuracy of zero has no direction.
        expect(output.cosine ?? 1).toBeCloseTo(1, 6)
        expect(output).toMatchObject({
          pass: true,
          tolerance: 1e-4,
          maxAbsDiff: expect.toSatisfy((difference: number) => difference < 2e-5),
        })
      }
    }
    expect(progress).toEqual([...report.cases.map(({ name }) => name), null])
  })

  it.each(sample(['fp32', 'fp16'] as const, 1))(
    'fails, with the difference, when a number is another, in %s',
    async precision => {
      const folder = await changedFixture(() => {})
      const path = join(folder, 'pretrain1/text_global_feat.npy')
      const bytes = await readFile(path)
      bytes.writeFloatLE(bytes.readFloatLE(bytes.length - 4) + 0.01, bytes.length - 4)
      await writeFile(path, bytes)
      const report = await run(folder, ['pretrain-stage1'], null, precision)
      expect(report.cases).toHaveLength(1)
      expect(report.cases[0]!.pass).toBe(false)
      const failed = report.cases[0]!.outputs.filter(({ pass }) => !pass)
      expect(failed).toEqual([
        expect.objectContaining({ name: 'textGlobal', maxAbsDiff: expect.closeTo(0.01, precision === 'fp32' ? 4 : 3) }),
      ])
    },
  )

  it('serves selections that the fixture did not come with: fewer rows, sentences, frames and values in place', async () => {
    const fixture = await changedFixture(({ cases }) => {
      const video = { seed: 11, shape: [4, 32, 192, 320, 3], take: [3, 1] }
      cases.splice(
        0,
        cases.length,
        {
          name: 'rows',
          model: 'pretrain-stage1',
          weights: ['lfvila_pretrain_stage1.bin'],
          inputs: { video },
          outputs: [{ name: 'videoLocal', file: 'expected.npy' }],
        },
        {
          name: 'sentences',
          model: 'retrieval',
          weights: ['lfvila_pretrain_stage1.bin'],
          inputs: {
            textIds: { file: 'input/text_ids.npy', take: [0], sentences: [1] },
            attentionMask: { file: 'input/attention_mask.npy', take: [0], sentences: [1] },
          },
          outputs: [{ name: 'text.stage0', file: 'stage0.npy', tolerance: 2e-5 }],
        },
      )
    })
    await writeRows(join(tinyA, 'pretrain1/video_local_feat.npy'), [3, 1], join(fixture, 'expected.npy'))
    // Stage 0 sees sentences one by one, so sentence 1 alone gives what it gave among four.
    await writeRows(join(tinyA, 'retrieval/text_stage0.npy'), [1], join(fixture, 'stage0.npy'))
    const report = await run(fixture)
    expect(report.cases.map(({ name, pass, problem }) => ({ name, pass, problem }))).toEqual([
      { name: 'rows', pass: true, problem: null },
      { name: 'sentences', pass: true, problem: null },
    ])
  })

  thorough('says in the case what could not be computed and goes on', async () => {
    const fixture = await changedFixture(({ cases }) => {
      cases.splice(
        0,
        cases.length,
        {
          ...cases[1],
          name: 'other-kind',
          model: 'pretrain-stage2',
          outputs: [{ name: 'vtm.logits', file: 'pretrain2/vtm_score.npy' }],
        },
        {
          ...cases.find(({ name }) => name === 'qa-classification-one-sentence')!,
          name: 'no-labels',
          outputs: [{ name: 'loss', file: 'qa_classification/loss.npy' }],
        },
        {
          ...cases[1],
          name: 'no-choices',
          model: 'qa-multichoice',
          weights: ['lfvila_pretrain_stage1.bin', 'lfvila_qa_multichoice.delta.bin'],
          inputs: { textIds: { values: [[1, 2]] } },
        },
        { ...cases[1], name: 'no-weights', weights: ['missing.bin'] },
        { ...cases[1], name: 'no-array', outputs: [{ name: 'videoGlobal', file: 'missing.npy' }] },
        { ...cases[1], name: 'outside', outputs: [{ name: 'videoGlobal', file: '../secret.npy' }] },
        { ...cases[1], name: 'unknown-output', outputs: [{ name: 'video.layer9', file: 'video/norm.npy' }] },
        { ...cases[1], name: 'other-size', outputs: [{ name: 'videoGlobal', file: 'pretrain1/text_local_feat.npy' }] },
        {
          ...cases[1],
          name: 'no-video',
          inputs: { ...(cases[1]!.inputs as object), video: { seed: 11, shape: [4, 32, 192, 320, 3], take: [1, 4] } },
        },
        {
          ...cases[1],
          name: 'fewer-videos',
          inputs: { ...(cases[1]!.inputs as object), video: { seed: 11, shape: [4, 32, 192, 320, 3], take: [1] } },
        },
        { ...cases[1], name: 'too-many-frames', inputs: { video: { seed: 11, shape: [1, 10_000_000, 192, 320, 3] } } },
        {
          ...cases[1],
          name: 'beyond',
          outputs: [{ name: 'videoGlobal', file: 'retrieval/video_global_feat.npy', batch: 7 }],
        },
      )
    })
    const report = await run(fixture)
    const problems = Object.fromEntries(report.cases.map(({ name, problem }) => [name, problem]))
    expect(
      report.cases.every(
        ({ pass, outputs }) => !pass && outputs.every(output => !output.pass && output.maxAbsDiff === null),
      ),
    ).toBe(true)
    expect(problems).toEqual({
      'other-kind': expect.stringContaining('has no video_token_pos.s_pos_embed'),
      'no-labels': expect.stringContaining('The input labels is missing'),
      'no-choices': expect.stringContaining('[B, choices, M, L]'),
      'no-weights': expect.stringContaining('missing.bin'),
      'no-array': expect.stringContaining('missing.npy'),
      outside: expect.stringContaining('outside'),
      'unknown-output': expect.stringContaining('video.layer9'),
      'other-size': expect.stringContaining('differ in number'),
      'no-video': expect.stringContaining('index 4 of 4 generated videos'),
      'fewer-videos': expect.stringContaining('takes 1 videos and 2 texts'),
      'too-many-frames': expect.stringContaining('more than an array of a fixture may hold'),
      beyond: expect.stringContaining('index 7'),
    })
  })

  it('trains in single precision only', async () => {
    const train = {
      loss: 'loss.global',
      steps: 1,
      learningRate: 1e-5,
      betas: [0.9, 0.98],
      epsilon: 1e-8,
      weightDecay: 0,
      groups: 'uniform',
      stochastic: false,
    }
    const fixture = await changedFixture(({ cases }) => {
      cases.splice(0, cases.length, {
        ...cases[1],
        train,
        outputs: [{ name: 'losses', file: 'retrieval/ct_global_loss.npy' }],
      })
    })
    expect((await run(fixture, [], null, 'fp16')).cases).toMatchObject([
      { pass: false, problem: 'A case that trains is verified in fp32 only.' },
    ])
  })

  it('refuses what is no fixture, an unknown case and a device that is not there', async () => {
    await expect(run(folderOfTest('models'))).rejects.toMatchObject({
      code: 'fixture',
      message: expect.stringContaining('verify.json'),
    })
    await expect(
      run(
        await changedFixture(fixture => {
          Object.assign(fixture, { format: 'other/2' })
        }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('format') })
    // What compares nothing would pass whatever is computed.
    await expect(
      run(
        await changedFixture(({ cases }) => {
          cases.splice(0)
        }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('at cases') })
    await expect(
      run(
        await changedFixture(({ cases }) => {
          cases[0]!.outputs = []
        }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('at cases.0.outputs') })
    await expect(run(tinyA, ['train'])).rejects.toMatchObject({
      code: 'fixture-case',
      message: expect.stringContaining('video-encoder, retrieval, pretrain-stage1, pretrain-stage2, qa-classification'),
    })
    await expect(run(tinyA, [], 'gpu')).rejects.toMatchObject({ code: 'device-unknown' })
    await expect(run(tinyA, [], 'webgpu')).rejects.toMatchObject({
      code: 'device-unusable',
      message: expect.stringContaining('Vulkan'),
    })
  })
})

/** Copies some rows of a float32 array written by numpy.save into a file of its own. */
async function writeRows(from: string, rows: number[], to: string): Promise<void> {
  const bytes = await readFile(from)
  const headerEnd = 10 + bytes.readUInt16LE(8)
  const header = bytes.subarray(0, headerEnd).toString('latin1')
  const [count = 1, ...rest] = /\((.*?)\)/.exec(header)![1]!.split(',').map(Number)
  const rowBytes = (bytes.length - headerEnd) / count
  const shape = `(${[rows.length, ...rest].join(', ')})`
  await writeFile(
    to,
    Buffer.concat([
      Buffer.from(
        header
          .replace(/\(.*?\)/, shape)
          .trimEnd()
          .padEnd(headerEnd - 1) + '\n',
        'latin1',
      ),
      ...rows.map(row => bytes.subarray(headerEnd + row * rowBytes, headerEnd + (row + 1) * rowBytes)),
    ]),
  )
}
