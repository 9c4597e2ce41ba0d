import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { tensor, text, torchZip } from '../../../support/models/pickles.ts'
import { inFolder, refused, refusedPath } from './refusals.ts'

/**
 * Checkpoints as training scripts write them, by torch.save of PyTorch 1.13 to 2.x; the weights are 0…11 and three ones
 * everywhere.
 */
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/checkpoints/training/${name}`, import.meta.url))

/** The weights, and what was passed over with its reason. */
async function opened(path: string): Promise<{ weights: Record<string, number[]>; skipped: Record<string, string> }> {
  const checkpoint = await openCheckpoint(path)
  try {
    const weights: Record<string, number[]> = {}
    for (const [name, one] of checkpoint.tensors) weights[name] = Array.from(await one.read(), Number)
    return { weights, skipped: Object.fromEntries(checkpoint.skipped.map(({ key, reason }) => [key, reason])) }
  } finally {
    await checkpoint.close()
  }
}

const whole = { 'a.weight': Array.from({ length: 12 }, (_, index) => index), 'a.bias': [1, 1, 1] }

describe('what is no weight is passed over and listed', () => {
  test.each([
    ['01-numpy-scalar.pth', ['best_acc', 'epoch']],
    ['02-counter.pth', ['scheduler']],
    ['04b-set-protocol4.pth', ['config', 'f']],
    ['13-ndarray.pth', ['np']],
    ['14-rng.pth', ['opt', 'rng', 'nprng']],
    ['25-defaultdict.pth', ['dd']],
    ['many4.pth', ['args', 'c', 'ba']],
    ['lightning.ckpt', ['epoch', 'optimizer_states', 'callbacks', 'lr_schedulers']],
    ['kinds.pth', ['cplx', 'sparse', 'q']],
    ['kinds-legacy.pth', ['cplx', 'sparse', 'q']],
  ])('%s', async (name, skipped) => {
    const found = await opened(fixture(name))
    expect(found.weights).toEqual(whole)
    expect(Object.keys(found.skipped)).toEqual(skipped)
  })

  test('objects of every sort are named, and none was made', async () => {
    const { weights, skipped } = await opened(fixture('many.pth'))
    expect(weights).toEqual(whole)
    expect(skipped).toMatchObject({
      args: expect.stringContaining('argparse.Namespace'),
      uuid: expect.stringContaining('uuid.UUID'),
      nt: expect.stringContaining('numpy'),
    })
  })
})

describe('weights are found by their content', () => {
  test.each([
    '06-ema.pth',
    '06c-net.pth',
    'nested.pth',
    'easydict.pth',
    'net-ema.pth::net',
    'student-teacher.pth::student',
    'timm.pth::model',
  ])('%s', async name => {
    expect((await opened(fixture(name))).weights).toEqual(whole)
  })

  test('of two sets the one that is named', async () => {
    expect((await opened(fixture('timm.pth::model_ema.module'))).weights['a.bias']).toEqual([2, 2, 2])
  })

  test('an averaged module, whose names have a prefix and a counter beside them', async () => {
    expect(Object.keys((await opened(fixture('swa.pth'))).weights)).toEqual(['n_averaged', 'weight', 'bias'])
  })
})

describe('what is refused is refused for its true reason', () => {
  test.each([
    ['18b-zero3_model_states.pt', /ZeRO-3 left them in parts.*run the zero_to_fp32\.py/],
    [
      'net-ema.pth',
      /holds 2 sets of weights: net \(2 tensors\), ema \(2 tensors\); name one after two colons, as in .*net-ema\.pth::net/,
    ],
    ['timm.pth', /model \(2 tensors\), model_ema\.module \(2 tensors\)/],
    ['module-in.pth', /whole module \(torch\.nn\.modules\.linear\.Linear\).*save module\.state_dict\(\)/],
    ['numpy.pth', /arrays of numpy.*torch\.from_numpy/],
    ['optim.pth', /no tensors of weights, but a training's state \(optimizer\)/],
  ])('%s', async (name, reason) => {
    expect(await refusedPath(fixture(name))).toMatch(reason)
  })

  test('a name that is none of them', async () => {
    await expect(openCheckpoint(fixture('net-ema.pth::weights'))).rejects.toThrow(
      /no weights under weights; it holds net/,
    )
  })
})

describe('an attack beside sound weights is refused, not passed over', () => {
  test.each(['posix\nsystem', 'subprocess\nPopen', 'builtins\neval', 'runpy\nrun_path'])('%j', async name => {
    const body = `}(${text('model')}}${text('w')}${tensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85')}s${text('args')}c${name}\n(${text('id')}tRu.`
    expect(await refused('attack.bin', torchZip(body))).toMatch(/nothing of it was run/)
  })
})

describe('work that a pickle asks for is bounded', () => {
  const ones = 'K\x01'.repeat(100_000)
  test.each([
    [
      'dictionaries made of one list',
      `](${'K\x01K\x02\x86'.repeat(100_000)}eq\x000ccollections\nOrderedDict\nq\x010${'h\x01h\x00\x85R0'.repeat(1000)}}.`,
      /copies more than any checkpoint/,
    ],
    [
      'shapes of many dimensions',
      `(${ones}tq\x000ctorch._utils\n_rebuild_tensor_v2\n((${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\x02tQK\x00h\x00h\x00\x89}tR.`,
      /100000 dimensions/,
    ],
  ])('%s', async (_name, body, reason) => {
    expect(await refused('copies.bin', torchZip(body))).toMatch(reason)
  })

  test('sets share the list they are made of', async () => {
    const before = process.memoryUsage().heapUsed
    const path = await inFolder(
      'sets.bin',
      torchZip(`](${ones}eq\x000cbuiltins\nset\nq\x010${'h\x01h\x00\x85R'.repeat(100_000)}${'0'.repeat(99_999)}.`),
    )
    await expect(openCheckpoint(path)).rejects.toThrow(/no dictionary of tensors, but a list/)
    // A copy for each would be 80 GB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2e9)
  })
})
