import { halfToNumber } from '../../native-models/checkpoints/files/dtypes.ts'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { elementCount } from '../../native-models/graph/tensor.ts'
import { openOrdinaryFile } from '../../native-models/ordinary-file.ts'

export interface NumpyArray {
  shape: number[]
  data: Float32Array | Float64Array | Int32Array | Uint8Array
}

/** 4 GiB: above any array of a fixture, below what a mistaken header could make us allocate. */
export const bytesAllowed = 2 ** 32
const headerAllowed = 64 * 1024

type Decoder = { bytes: number; decode: (buffer: ArrayBuffer, length: number) => NumpyArray['data'] }

const decoders: Record<string, Decoder> = {
  '<f4': { bytes: 4, decode: (buffer, length) => new Float32Array(buffer, 0, length) },
  '<f8': { bytes: 8, decode: (buffer, length) => new Float64Array(buffer, 0, length) },
  '<f2': { bytes: 2, decode: (buffer, length) => Float32Array.from(new Uint16Array(buffer, 0, length), halfToNumber) },
  '|u1': { bytes: 1, decode: (buffer, length) => new Uint8Array(buffer, 0, length) },
  '|b1': { bytes: 1, decode: (buffer, length) => new Uint8Array(buffer, 0, length) },
  '<i4': { bytes: 4, decode: (buffer, length) => new Int32Array(buffer, 0, length) },
  '<i8': { bytes: 8, decode: (buffer, length) => Float64Array.from(new BigInt64Array(buffer, 0, length), Number) },
}

/**
 * Reads an array written by `numpy.save` (format versions 1 to 3, C order, little endian).
 * @throws ExpectedError when the file is missing, is not one, or holds a type that fixtures do not use.
 */
export async function readNpy(path: string): Promise<NumpyArray> {
  const file = await openOrdinaryFile(path).catch((cause: unknown) => {
    throw new ExpectedError('fixture-file', `${path} cannot be read; the fixture is incomplete.`, { cause })
  })
  try {
    const { size } = await file.stat()
    const start = new Uint8Array(12)
    await file.read(start, 0, 12, 0)
    const view = new DataView(start.buffer)
    const broken = (what: string) =>
      new ExpectedError('fixture-file', `${path} is not an array that can be read: ${what}; write it with numpy.save.`)
    if (String.fromCharCode(...start.subarray(0, 6)) !== '\x93NUMPY') {
      throw broken(english`the file does not begin as a .npy file`)
    }
    const version = view.getUint8(6)
    if (version < 1 || version > 3) throw broken(english`version ${version} of the format is unknown`)
    const headerStart = version === 1 ? 10 : 12
    const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
    if (headerLength > headerAllowed) throw broken(english`its header is too long`)
    const header = new Uint8Array(headerLength)
    await file.read(header, 0, headerLength, headerStart)
    const { type, shape } = parseHeader(new TextDecoder('latin1').decode(header), broken)
    const decoder = Object.hasOwn(decoders, type) ? decoders[type] : undefined
    if (!decoder) throw broken(english`its type ${type} is not one of ${Object.keys(decoders).join(', ')}`)
    const length = shape.includes(0) ? 0 : elementCount(shape)
    const bytes = length * decoder.bytes
    if (bytes > bytesAllowed || headerStart + headerLength + bytes > size) {
      throw broken(english`it ends before its ${shape.join('×')} values`)
    }
    const body = new Uint8Array(bytes)
    await file.read(body, 0, bytes, headerStart + headerLength)
    return { shape, data: decoder.decode(body.buffer, length) }
  } finally {
    await file.close()
  }
}

/** The header is a Python dictionary in one fixed form; three fields are looked up, nothing is evaluated. */
function parseHeader(header: string, broken: (what: string) => Error): { type: string; shape: number[] } {
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const dimensions = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)?.[1]
  if (type === undefined || order === undefined || dimensions === undefined) {
    throw broken(english`its header lacks descr, fortran_order or shape`)
  }
  if (order === 'True') throw broken(english`it is in Fortran order (use numpy.ascontiguousarray)`)
  // Python 2 wrote the dimensions of some arrays as long integers, such as 8L.
  const shape = dimensions
    .split(',')
    .map(part => part.trim().replace(/L$/, ''))
    .filter(Boolean)
    .map(Number)
  if (!shape.every(dimension => Number.isSafeInteger(dimension))) throw broken(english`its shape is none`)
  return { type, shape }
}
