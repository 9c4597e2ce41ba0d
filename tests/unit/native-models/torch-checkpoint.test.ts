import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { openCheckpoint } from '../../../native-models/checkpoints/index.ts'
import { storedZip } from './stored-zip.ts'

/** Written by torch.save; the values in views.json were listed by PyTorch itself. */
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/checkpoints/${name}`, import.meta.url))
let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'lfvila-checkpoint-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('tensors that PyTorch wrote', async () => {
  const expected = JSON.parse(await readFile(fixture('views.json'), 'utf8')) as Record<string, { dtype: string, shape: number[], values: number[] }>
  // Shared storages, strides, offsets, an expanded view, every precision, an empty tensor and a scalar.
  test.each(['views.pt', 'wrapped.pt'])('%s', async name => {
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

async function refusal(name: string, content: Uint8Array): Promise<ExpectedError> {
  const path = join(folder, name)
  await writeFile(path, content)
  const error: unknown = await openCheckpoint(path).then(() => 'it was opened', (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ExpectedError)
  expect((error as ExpectedError).message).toContain(path)
  return error as ExpectedError
}

const pickled = (body: string, storages: Record<string, Uint8Array> = { 'x/data/0': new Uint8Array(8) }): Buffer => storedZip({ 'x/data.pkl': Buffer.from(`\x80\x02${body}`, 'latin1'), ...storages })
const short = (text: string): string => `U${String.fromCharCode(text.length)}${text}`
/** A one-tensor state dict whose tensor is described by the given pickle of (storage elements, offset, shape, strides). */
const tensorOf = (elements: string, offset: string, shape: string, strides: string, storages?: Record<string, Uint8Array>): Buffer => pickled(
  `}${short('w')}ctorch._utils\n_rebuild_tensor_v2\n((${short('storage')}ctorch\nFloatStorage\n${short('0')}${short('cpu')}${elements}tQ${offset}${shape}${strides}\x89}tRs.`, storages,
)

describe('a pickle is read, never run', () => {
  const marker = join(tmpdir(), 'lfvila-executed')
  test.each([
    ['os.system', `cposix\nsystem\n(${short(`touch ${marker}`)}tR.`, /posix\.system/],
    ['eval', `c__builtin__\neval\n(${short('1+1')}tR.`, /__builtin__\.eval/],
    ['getattr by stack', `${short('builtins')}${short('getattr')}\x93.`, /builtins\.getattr/],
    ['a name inherited from Object', 'cconstructor\nconstructor\n)R.', /constructor\.constructor/],
    ['__proto__', 'c__proto__\n\n)R.', /__proto__/],
    ['building an object', 'ccollections\nOrderedDict\n)\x81.', /0x81/],
    ['an allowed name called as a storage', 'ctorch\nFloatStorage\n)R.', /FloatStorage/],
    ['taking from an empty stack', '0.', /more than it has/],
    ['an unknown memo', 'h\x05.', /never stored/],
    ['text longer than the file', 'X\xff\xff\xff\x7fabc', /too early/],
    ['no end', '}', /too early/],
    ['a number instead of a dictionary', 'K\x01.', /no dictionary of tensors/],
    ['an empty dictionary', '}.', /no tensors/],
  ])('%s', async (_name, body, reason) => {
    expect((await refusal('hostile.bin', pickled(body))).message).toMatch(reason)
    await expect(readFile(marker)).rejects.toThrow()
  })
})

describe('a tensor stays inside its storage', () => {
  test.each([
    ['offset', tensorOf('K\x02', 'K\x01', 'K\x02\x85', 'K\x01\x85')],
    ['shape', tensorOf('K\x02', 'K\x00', 'K\x03\x85', 'K\x01\x85')],
    ['stride', tensorOf('K\x02', 'K\x00', 'K\x02\x85', 'K\x02\x85')],
    ['huge expansion', tensorOf('K\x02', 'K\x00', 'J\xff\xff\xff\x7f\x85', 'K\x00\x85')],
    ['storage larger than its bytes', tensorOf('K\x04', 'K\x00', 'K\x04\x85', 'K\x01\x85')],
    ['negative offset', tensorOf('K\x02', 'J\xff\xff\xff\xff', 'K\x01\x85', 'K\x01\x85')],
  ])('%s', async (_name, content) => {
    expect((await refusal('outside.bin', content)).message).toMatch(/beyond its storage|shorter than its tensors|makes no sense/)
  })

  test('a well-formed one is read', async () => {
    const path = join(folder, 'inside.bin')
    await writeFile(path, tensorOf('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85'))
    const checkpoint = await openCheckpoint(path)
    expect(await checkpoint.tensors.get('w')?.read()).toEqual(new Float32Array(2))
    await checkpoint.close()
  })
})

describe('what is no checkpoint', () => {
  test('text', async () => { expect((await refusal('notes.bin', Buffer.from('these are no weights'))).message).toMatch(/neither a PyTorch nor a safetensors/) })
  test('nothing', async () => { await refusal('empty.bin', new Uint8Array()) })
  test('another zip', async () => { expect((await refusal('photos.bin', storedZip({ 'photo.jpg': new Uint8Array(9) }))).message).toMatch(/data\.pkl/) })
  test('a missing storage', async () => {
    expect((await refusal('missing.bin', tensorOf('K\x02', 'K\x00', 'K\x02\x85', 'K\x01\x85', {}))).message).toMatch(/data\/0 is missing/)
  })
  test('an object of another program', async () => {
    const error = await openCheckpoint(fixture('namespace.pt')).catch((reason: unknown) => reason)
    expect(String(error)).toMatch(/argparse\.Namespace/)
  })
  test('the format before PyTorch 1.6', async () => {
    await expect(openCheckpoint(fixture('legacy.pt'))).rejects.toThrow(/old format/)
  })
  test('no file', async () => { await expect(openCheckpoint(join(folder, 'nowhere.bin'))).rejects.toThrow(/nowhere\.bin cannot be read/) })
  test('an incomplete download', async () => {
    const path = join(folder, 'half.pt')
    const whole = await readFile(fixture('views.pt'))
    await writeFile(path, whole)
    await truncate(path, Math.floor(whole.length / 2))
    await expect(openCheckpoint(path)).rejects.toThrow(/incomplete/)
  })
})
