import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../../../native-models/checkpoints/checkpoint.ts'
import { legacyTorch, oneTensor, text, tensor, torchZip } from '../../../support/models/pickles.ts'
import { inFolder, refused } from './refusals.ts'
import { zipArchive } from './zip-archive.ts'

/** Written by torch.save of PyTorch 1.13; the values in the .json files were listed by PyTorch itself. */
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/checkpoints/${name}`, import.meta.url))
interface Expected {
  dtype: string
  shape: number[]
  values: number[]
}

describe('tensors that PyTorch wrote', () => {
  const types = ['float16', 'bfloat16', 'float32', 'float64', 'uint8', 'int8', 'int16', 'int32', 'int64', 'bool']
  const everyType = Object.fromEntries(
    types.map(dtype => [dtype, { dtype, shape: [2, 2], values: dtype === 'bool' ? [0, 1, 1, 1] : [0, 1, 2, 3] }]),
  )
  test.each([
    // Shared storages, strides, offsets, an expanded view, every precision, an empty tensor and a scalar.
    ['views.pt', 'views.json'],
    ['wrapped.pt', 'views.json'],
    ['legacy.pt', 'views.json'],
    // As DeepSpeed saves: fp16, tied weights, and beside the module numbers, lists, sets, sizes and a loss that is a
    // tensor too.
    ['deepspeed.pt', 'deepspeed.json'],
    ['deepspeed.legacy.pt', 'deepspeed.json'],
    // {"state_dict": {"model": …}} with frames and memoized names.
    ['protocol4.pt', 'deepspeed.json'],
    ['protocol4.legacy.pt', 'deepspeed.json'],
    ['types.pt', null],
    ['types.legacy.pt', null],
  ])('%s', async (name, values) => {
    const expected = values
      ? (JSON.parse(await readFile(fixture(values), 'utf8')) as Record<string, Expected>)
      : everyType
    const checkpoint = await openCheckpoint(fixture(name))
    try {
      expect([...checkpoint.tensors.keys()]).toEqual(Object.keys(expected))
      for (const [key, { dtype, shape, values }] of Object.entries(expected)) {
        const tensor = checkpoint.tensors.get(key)
        expect({ key, dtype: tensor?.dtype, shape: tensor?.shape }).toEqual({ key, dtype, shape })
        expect(Array.from(await tensor!.read(), Number), key).toEqual(values)
      }
    } finally {
      await checkpoint.close()
    }
  })
})

describe('a pickle is read, never run', () => {
  const marker = join(tmpdir(), `lfvila-executed-${process.pid}`)
  const hostile: [string, string, RegExp][] = [
    ['os.system', `cposix\nsystem\n(${text(`touch ${marker}`)}tR.`, /refers to posix\.system.*nothing of it was run/],
    ['nt.system', `cnt\nsystem\n(${text('calc')}tR.`, /nt\.system/],
    ['subprocess', `csubprocess\nPopen\n(${text('sh')}tR.`, /subprocess\.Popen/],
    ['eval', `c__builtin__\neval\n(${text('1+1')}tR.`, /__builtin__\.eval/],
    ['exec', `cbuiltins\nexec\n(${text('1')}tR.`, /builtins\.exec/],
    ['getattr by stack', `${text('builtins')}${text('getattr')}\x93.`, /builtins\.getattr/],
    [
      'a chain: getattr of an import',
      `cbuiltins\ngetattr\n(c__builtin__\n__import__\n(${text('os')}tR${text('system')}tR.`,
      /__builtin__\.__import__/,
    ],
    [
      'a call hidden in a tensor',
      `}${text('w')}ctorch._utils\n_rebuild_tensor_v2\n(cos\nsystem\n(${text('id')}tRK\x00K\x01\x85K\x01\x85tRs.`,
      /os\.system/,
    ],
    ['a call as a storage', `(${text('storage')}cos\nsystem\ntQ.`, /os\.system/],
    ['another pickle inside', `ctorch.storage\n_load_from_bytes\n(${text('x')}tR.`, /torch\.storage\._load_from_bytes/],
    ['a name inherited from Object', 'cconstructor\nconstructor\n)R.', /constructor\.constructor/],
    ['__proto__', 'c__proto__\n\n)R.', /__proto__/],
    ['calling the result of a call', ')ccollections\nOrderedDict\n)R)R.', /calls something that is no name/],
    ['a name with control characters', `${text('os\x1b[2J\n')}${text('system')}\x93.`, /os\ufffd\[2J\ufffd\.system/],
    ['a name that is a list', `]${text('system')}\x93.`, /something that is no name/],
    ['an endless name', `c${'a'.repeat(5000)}\nb\n)R.`, /a{120}…/],
    ['an object built without a call', 'ccollections\nOrderedDict\n)\x81.', /no tensors/],
    ['an extension code', '\x82\x01.', /0x82/],
    ['an allowed name called as a storage', 'ctorch\nFloatStorage\n)R.', /FloatStorage/],
    ['a parameter of no tensor', 'ctorch._utils\n_rebuild_parameter\n(K\x01tR.', /no tensor/],
    ['a storage of an unknown type', `(${text('storage')}NN${text('0')}${text('cpu')}K\x01tQ.`, /no storage/],
    ['taking from an empty stack', '0.', /more than it has/],
    ['an unknown memo', 'h\x05.', /never stored/],
    ['text longer than the file', 'X\xff\xff\xff\x7fabc', /too early/],
    ['a frame longer than the file', '\x95\xff\xff\xff\xff\xff\xff\xff\xff}.', /too early/],
    ['a text of 2⁶⁴ bytes', '\x8d\xff\xff\xff\xff\xff\xff\xff\xff.', /too early/],
    ['a long integer of 2 GB', '\x8b\xff\xff\xff\x7f.', /copies more than any checkpoint/],
    ['text that is not UTF-8', 'X\x02\x00\x00\x00\xff\xfe.', /not UTF-8/],
    ['a protocol of the future', '\x80\x09}.', /newer than 5/],
    ['no end', '}', /too early|0x2, which no state dict needs/],
    ['a number instead of a dictionary', 'K\x01.', /no dictionary of tensors/],
    ['an empty dictionary', '}.', /no tensors/],
    ['a state dict inside itself', `}q\x01${text('model')}h\x01s.`, /no tensors/],
    ['a key given twice', `}${text('w')}K\x01s${text('w')}K\x02s.`, /gives w twice/],
    [
      'a storage described twice',
      `}(${text('a')}${tensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85')}${text('b')}${tensor('K\x01', 'K\x00', 'K\x01\x85', 'K\x01\x85')}u.`,
      /storage 0 twice and differently/,
    ],
  ]
  test.each(hostile)('%s', async (_name, body, reason) => {
    expect(await refused('hostile.bin', torchZip(body))).toMatch(reason)
    expect(await refused('hostile.pth', legacyTorch(body))).toMatch(reason)
    await expect(readFile(marker)).rejects.toThrow()
  })

  // Each would take gigabytes or minutes if its size were believed, or if structures shared by reference were walked.
  test.each([
    ['dictionaries without end', '}'.repeat(3_000_000), /more than 2000000 instructions/],
    ['a memo that doubles a tuple a million times', `)${'q\x01h\x01\x86'.repeat(500_000)}.`, /no dictionary/],
    ['tuples in tuples', `)${'\x85'.repeat(1_000_000)}.`, /no dictionary/],
    [
      'a long integer at every turn',
      `${`\x8a\xff${'\x7f'.repeat(255)}0`.repeat(50_000)}}.`,
      /copies more than any checkpoint/,
    ],
    [
      'a pickle larger than any',
      `${text('x')}0`.repeat(5_000_000),
      /more than any checkpoint|more than 2000000 instructions/,
    ],
  ])('%s', async (_name, body, reason) => {
    const before = process.memoryUsage().rss
    expect(await refused('bomb.bin', torchZip(body))).toMatch(reason)
    expect(await refused('bomb.pth', legacyTorch(body))).toMatch(reason)
    expect(process.memoryUsage().rss - before).toBeLessThan(1.5e9)
  })
})

describe('a tensor stays inside its storage', () => {
  const outside: [string, Parameters<typeof tensor>, RegExp][] = [
    ['offset', ['K\x02', 'K\x01', 'K\x02\x85', 'K\x01\x85'], /beyond its storage/],
    ['shape', ['K\x02', 'K\x00', 'K\x03\x85', 'K\x01\x85'], /beyond its storage/],
    ['stride', ['K\x02', 'K\x00', 'K\x02\x85', 'K\x02\x85'], /beyond its storage/],
    ['huge expansion', ['K\x02', 'K\x00', 'J\xff\xff\xff\x7f\x85', 'K\x00\x85'], /beyond its storage/],
    [
      'a product above 2⁵³',
      ['K\x02', 'K\x00', `(${'J\xff\xff\xff\x7f'.repeat(8)}t`, `(${'K\x00'.repeat(8)}t`],
      /beyond its storage/,
    ],
    [
      'infinitely many zeros',
      ['K\x02', 'K\x03', `(${'\x8a\x06\xff\xff\xff\xff\xff\x7f'.repeat(64)}K\x00t`, `(${'K\x00'.repeat(65)}t`],
      /beyond its storage/,
    ],
    [
      'a stride above 2⁵³',
      ['K\x02', 'K\x00', 'K\x02\x85', '\x8a\x08\x00\x00\x00\x00\x00\x00\x40\x00\x85'],
      /makes no sense/,
    ],
    [
      'storage larger than its bytes',
      ['K\x04', 'K\x00', 'K\x04\x85', 'K\x01\x85'],
      /shorter than its tensors|does not have the 4 values/,
    ],
    [
      'a storage of 2⁵² values',
      ['\x8a\x07\x00\x00\x00\x00\x00\x00\x10', 'K\x00', 'K\x02\x85', 'K\x01\x85'],
      /shorter than its tensors|does not have the/,
    ],
    ['negative offset', ['K\x02', 'J\xff\xff\xff\xff', 'K\x01\x85', 'K\x01\x85'], /makes no sense/],
    ['negative shape', ['K\x02', 'K\x00', 'J\xff\xff\xff\xff\x85', 'K\x01\x85'], /makes no sense/],
    ['negative storage', ['J\xff\xff\xff\xff', 'K\x00', 'K\x01\x85', 'K\x01\x85'], /no storage/],
    ['a fraction', ['K\x02', 'G\x3f\xe0\x00\x00\x00\x00\x00\x00', 'K\x01\x85', 'K\x01\x85'], /makes no sense/],
    ['strides for other dimensions', ['K\x02', 'K\x00', 'K\x01K\x01\x86', 'K\x01\x85'], /makes no sense/],
    [
      'a part beyond its storage',
      ['K\x02', 'K\x00', 'K\x01\x85', 'K\x01\x85', `(${text('p')}K\x01K\x02t`],
      /part of storage 0 reaches beyond it/,
    ],
    ['beyond its part', ['K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85', `(${text('p')}K\x01K\x01t`], /beyond its storage/],
  ]
  test.each(outside)('%s', async (_name, description, reason) => {
    expect(await refused('outside.bin', torchZip(oneTensor(...description)))).toMatch(reason)
    expect(await refused('outside.pth', legacyTorch(oneTensor(...description)))).toMatch(reason)
  })

  test('a tensor of a billion values in a file with a hole is refused before it is read', async () => {
    const description = oneTensor('J\x00\x00\x00\x40', 'K\x00', 'J\x00\x00\x00\x40\x85', 'K\x01\x85')
    expect(await refused('sparse.pth', legacyTorch(description, { count: 2n ** 30n }), 5e9)).toMatch(
      /1073741824 values, more than any/,
    )
  })

  test.each([
    [
      'of the zip format',
      torchZip(oneTensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85'), {
        'x/data/0': Buffer.from(Float32Array.of(1, 2).buffer),
      }),
      [1, 2],
    ],
    ['of the old format', legacyTorch(oneTensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85')), [1, 2]],
    [
      'of a part of a storage',
      legacyTorch(oneTensor('K\x02', 'K\x00', 'K\x01\x85', 'K\x01\x85', `(${text('p')}K\x01K\x01t`)),
      [2],
    ],
  ])('a well-formed one is read: %s', async (_name, content, values) => {
    const checkpoint = await openCheckpoint(await inFolder('inside.bin', content))
    expect(await checkpoint.tensors.get('w')?.read()).toEqual(Float32Array.from(values))
    await checkpoint.close()
  })
})

describe('what is no checkpoint', () => {
  const whole = oneTensor('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85')
  const storage = { 'x/data/0': new Uint8Array(8) }
  test.each([
    ['text', Buffer.from('these are no weights'), /neither a PyTorch nor a safetensors/],
    ['nothing', Buffer.alloc(0), /neither a PyTorch/],
    ['another pickle', Buffer.from('\x80\x02}.', 'latin1'), /not one that torch\.save wrote/],
    ['a missing storage', torchZip(whole, {}), /data\/0 is missing/],
    ['a storage not listed', legacyTorch(whole, { keys: '].' }), /storage 0 is missing/],
    [
      'a storage listed twice',
      legacyTorch(whole, { keys: `](${text('0')}${text('0')}e.` }),
      /does not belong to its tensors/,
    ],
    ['a storage nobody knows', legacyTorch(whole, { keys: `]${text('9')}a.` }), /does not belong to its tensors/],
    ['a count that lies', legacyTorch(whole, { count: 2n ** 62n }), /does not have the 2 values/],
    ['a negative count', legacyTorch(whole, { count: -2n }), /does not have the 2 values/],
    ['a storage cut off', legacyTorch(whole).subarray(0, -1), /incomplete/],
    ['a big-endian machine', legacyTorch(whole, { machine: `}${text('little_endian')}\x89s.` }), /big-endian/],
    [
      'a big-endian zip',
      zipArchive({
        'x/data.pkl': Buffer.from(`\x80\x02${whole}`, 'latin1'),
        'x/byteorder': Buffer.from('big'),
        ...storage,
      }),
      /big-endian/,
    ],
    [
      'compressed parts',
      zipArchive({ 'x/data.pkl': Buffer.from(`\x80\x02${whole}`, 'latin1'), ...storage }, { deflated: true }),
      /data\.pkl is compressed/,
    ],
    [
      'an encrypted part',
      zipArchive(
        { 'x/data.pkl': Buffer.from(`\x80\x02${whole}`, 'latin1'), ...storage },
        { lies: { 'x/data/0': { encrypted: true } } },
      ),
      /encrypted|mismatch/,
    ],
  ])('%s', async (_name, content, reason) => {
    expect(await refused('no.bin', content)).toMatch(reason)
  })
  test('no file', async () => {
    await expect(openCheckpoint('nowhere.bin')).rejects.toThrow(/nowhere\.bin does not exist/)
  })
  test('a folder', async () => {
    await expect(openCheckpoint(tmpdir())).rejects.toThrow(/is a folder: name a file in it/)
  })
  test.each(['views.pt', 'legacy.pt'])('an incomplete download of %s', async name => {
    const bytes = await readFile(fixture(name))
    expect(await refused('half.pt', bytes.subarray(0, Math.floor(bytes.length / 2)))).toMatch(
      /incomplete.*download or copy it again/,
    )
  })
  test('a file that becomes shorter while it is open', async () => {
    const path = await inFolder('shrinking.bin', legacyTorch(whole))
    const checkpoint = await openCheckpoint(path)
    await writeFile(path, '')
    await expect(checkpoint.tensors.get('w')?.read()).rejects.toThrow(/shrinking\.bin is incomplete/)
    await checkpoint.close()
    await rm(path)
  })
})
