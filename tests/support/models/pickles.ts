import { zipArchive } from '../../unit/native-models/checkpoints/zip-archive.ts'

/** A short text as a pickle holds it. */
export const text = (value: string): string => `U${String.fromCharCode(value.length)}${value}`

/** A pickle of protocol 2 from the characters of its instructions. */
export const pickle = (body: string): Buffer => Buffer.from(`\x80\x02${body}`, 'latin1')

/** A checkpoint of the zip format with such a pickle. */
export const torchZip = (
  body: string,
  storages: Record<string, Uint8Array> = { 'x/data/0': new Uint8Array(8) },
): Buffer => zipArchive({ 'x/data.pkl': pickle(body), ...storages })

/**
 * The instructions for a float32 tensor; elements, offset, shape and strides are instructions too. `part` is old files'
 * part of a storage.
 */
export const tensor = (elements: string, offset: string, shape: string, strides: string, part = ''): string =>
  `ctorch._utils\n_rebuild_tensor_v2\n((${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}${elements}${part}tQ${offset}${shape}${strides}\x89}tR`

/** A state dict with one such tensor `w`. */
export const oneTensor = (...description: Parameters<typeof tensor>): string =>
  `}${text('w')}${tensor(...description)}s.`

const magic = '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'
const machine = `}(${text('protocol_version')}M\xe9\x03${text('little_endian')}\x88u.`

interface Legacy {
  /** Instructions of the list of storages. */
  keys?: string
  /** The count before the values. */
  count?: bigint
  values?: Float32Array
  machine?: string
  magic?: string
}

/** A checkpoint of the format before PyTorch 1.6 with the given object, and one storage if that has any. */
export function legacyTorch(
  body: string,
  {
    keys = body.includes(text('storage')) ? `]${text('0')}a.` : '].',
    count = 2n,
    values = Float32Array.of(1, 2),
    ...other
  }: Legacy = {},
): Buffer {
  const counted = Buffer.alloc(8)
  counted.writeBigInt64LE(count)
  return Buffer.concat([
    pickle(other.magic ?? magic),
    pickle('M\xe9\x03.'),
    pickle(other.machine ?? machine),
    pickle(body),
    pickle(keys),
    counted,
    Buffer.from(values.buffer),
  ])
}
