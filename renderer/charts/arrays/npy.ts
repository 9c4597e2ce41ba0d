/** Magic, version and the length of the header. */
const preamble = 10
/** Data begin at a multiple of this. */
const alignment = 64

/**
 * An array as `numpy.load` reads it: format version 1.0, float64, little endian, C order
 * (NumPy enhancement proposal 1).
 * @param shape whose product is the number of values; none for a single number.
 */
export function npyFile(shape: readonly number[], values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const count = shape.reduce((product, length) => product * length, 1)
  if (count !== values.length) throw new Error(`${values.length} values do not make ${shape.join(' × ')}`)
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${tuple}), }`
  const start = Math.ceil((preamble + header.length + 1) / alignment) * alignment
  const bytes = new Uint8Array(start + 8 * count)
  const view = new DataView(bytes.buffer)
  const text = `\x93NUMPY\x01\x00\0\0${header.padEnd(start - preamble - 1)}\n`
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index)
  view.setUint16(8, start - preamble, true)
  for (let index = 0; index < count; index += 1) view.setFloat64(start + 8 * index, values[index] ?? NaN, true)
  return bytes
}
