import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** What the structure of an ONNX file tells without running it. */
export interface OnnxFile {
  /** Numbers in the weights of its graph. */
  readonly parameters: number
  /** Paths, relative to the file, of the files that hold the values of tensors. */
  readonly dataFiles: readonly string[]
  /** What a run takes: weights that the graph lists among its inputs are left out. */
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

/** An input or output of the graph. */
export interface OnnxValue {
  readonly name: string
  /** As in `float32`; null for a type that is not fed to models here. */
  readonly dtype: string | null
  /** The length of each axis, null where it is free; null when the file does not tell. */
  readonly shape: readonly (number | null)[] | null
}

/** Fields of onnx.proto by which tensors are reached, as `message: { field: message of the field }`. */
const reached: Record<string, Record<number, string>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
}
/** TensorProto's types by their numbers. */
const typeNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
}
/** TensorProto's types of weights: floats of every width and the bytes of quantised ones; not indices or shapes. */
const weightTypes = new Set([1, 2, 3, 10, 11, 16])
const deepest = 64
const mostAxes = 64
const chunk = 64 * 1024

/**
 * Walks the messages of an ONNX file by their lengths: weights are stepped over, so a file of gigabytes is read in
 * kilobytes.
 * @throws ExpectedError when it is no ONNX file.
 */
export function readOnnxFile(path: string): OnnxFile {
  let descriptor: number
  try {
    if (!statSync(path).isFile()) throw new Error('it is no file')
    descriptor = openSync(path, 'r')
  } catch (cause) {
    throw new ExpectedError(
      'onnx-missing',
      `${path} cannot be read; put the ONNX file there or correct its name in the JSON file.`,
      { cause },
    )
  }
  try {
    return new Walk(descriptor).file()
  } catch (cause) {
    if (cause instanceof MalformedError) {
      throw new ExpectedError(
        'onnx-malformed',
        `${path} is no ONNX file (${cause.message}); export or download the tower again.`,
        { cause },
      )
    }
    throw cause
  } finally {
    closeSync(descriptor)
  }
}

class MalformedError extends Error {}

interface TensorSeen {
  numbers: number
  dataType: number
}

class Walk {
  readonly #descriptor: number
  readonly #size: number
  readonly #chunk = Buffer.alloc(chunk)
  #chunkStart = 0
  #chunkLength = 0
  #position = 0
  #parameters = 0
  #graphs = 0
  readonly #dataFiles = new Set<string>()
  readonly #weights = new Set<string>()
  readonly #inputs: OnnxValue[] = []
  readonly #outputs: OnnxValue[] = []

  constructor(descriptor: number) {
    this.#descriptor = descriptor
    this.#size = fstatSync(descriptor).size
  }

  file(): OnnxFile {
    this.#message('model', this.#size, 0)
    if (this.#graphs === 0) throw new MalformedError('it holds no graph')
    return {
      parameters: this.#parameters,
      dataFiles: [...this.#dataFiles],
      inputs: this.#inputs.filter(({ name }) => !this.#weights.has(name)),
      outputs: this.#outputs,
    }
  }

  /** Reads a message to its end; for a tensor, returns how many numbers it has. */
  #message(kind: string, end: number, depth: number): TensorSeen {
    if (depth > deepest) throw new MalformedError('its messages are nested too deeply')
    if (kind === 'graph') this.#graphs += 1
    const seen: TensorSeen = { numbers: 1, dataType: 0 }
    while (this.#position < end) {
      const tag = this.#varint()
      const [field, wireType] = [Math.floor(tag / 8), tag % 8]
      if (wireType === 2) {
        const length = this.#varint()
        const fieldEnd = this.#position + length
        if (fieldEnd > end) throw new MalformedError(`the field at byte ${this.#position} is longer than what holds it`)
        const inner = reached[kind]?.[field]
        const ofGraph = kind === 'graph' && depth === 1
        if (inner === 'entry') this.#dataEntry(fieldEnd)
        else if (ofGraph && field === 11) this.#inputs.push(this.#value(fieldEnd))
        else if (ofGraph && field === 12) this.#outputs.push(this.#value(fieldEnd))
        else if (kind === 'tensor' && depth === 2 && field === 8) this.#weights.add(this.#name(length))
        else if (inner) this.#count(kind, inner, this.#message(inner, fieldEnd, depth + 1))
        else if (kind === 'tensor' && field === 1) while (this.#position < fieldEnd) seen.numbers *= this.#varint()
        this.#position = fieldEnd
      } else if (wireType === 0) {
        const value = this.#varint()
        if (kind === 'tensor' && field === 1) seen.numbers *= value
        if (kind === 'tensor' && field === 2) seen.dataType = value
      } else if (wireType === 1 || wireType === 5) {
        this.#position += wireType === 1 ? 8 : 4
      } else {
        throw new MalformedError(`no field begins before byte ${this.#position}`)
      }
    }
    if (this.#position !== end) throw new MalformedError('it ends in the middle of a field')
    return seen
  }

  /** Tensors directly in a graph are its weights. */
  #count(outer: string, kind: string, { numbers, dataType }: TensorSeen): void {
    if (outer !== 'graph' || kind !== 'tensor' || !weightTypes.has(dataType)) return
    this.#parameters += numbers
    if (!Number.isSafeInteger(this.#parameters)) throw new MalformedError('its weights have impossible sizes')
  }

  /** A key and its value; `location` names a file. */
  #dataEntry(end: number): void {
    const texts = ['', '']
    while (this.#position < end) {
      const tag = this.#varint()
      const length = this.#varint()
      if (tag % 8 !== 2 || this.#position + length > end || length > 4096) {
        throw new MalformedError('the place of external data is unreadable')
      }
      const index = Math.floor(tag / 8) - 1
      if (index === 0 || index === 1) texts[index] = this.#text(length)
      else this.#position += length
    }
    if (texts[0] === 'location') this.#dataFiles.add(texts[1] ?? '')
  }

  /** ValueInfoProto: a name, and a type whose tensor has elements and a shape. */
  #value(end: number): OnnxValue {
    let name = ''
    let elements = 0
    let shape: (number | null)[] | null = null
    this.#fields(end, (field, size) => {
      if (field === 1) name = this.#name(size)
      if (field !== 2) return
      this.#fields(this.#position + size, (kind, typeSize) => {
        if (kind !== 1) return
        this.#fields(this.#position + typeSize, (part, value) => {
          if (part === 1) elements = value
          if (part === 2) shape = this.#shape(this.#position + value)
        })
      })
    })
    return { name, dtype: typeNames[elements] ?? null, shape }
  }

  /** TensorShapeProto: one message for each axis, with its length or a name for it. */
  #shape(end: number): (number | null)[] {
    const axes: (number | null)[] = []
    this.#fields(end, (field, size) => {
      if (field !== 1) return
      let axis: number | null = null
      this.#fields(this.#position + size, (part, value, isNumber) => {
        if (part === 1 && isNumber && value > 0 && value < 2 ** 31) axis = value
      })
      if (axes.push(axis) > mostAxes) throw new MalformedError('a tensor has more axes than any')
    })
    return axes
  }

  /** Visits the fields of a small message with their value, or else their size in bytes. */
  #fields(end: number, visit: (field: number, value: number, isNumber: boolean) => void): void {
    while (this.#position < end) {
      const tag = this.#varint()
      const [field, wireType] = [Math.floor(tag / 8), tag % 8]
      if (wireType === 0) {
        visit(field, this.#varint(), true)
      } else if (wireType === 1 || wireType === 5) {
        this.#position += wireType === 1 ? 8 : 4
      } else if (wireType === 2) {
        const size = this.#varint()
        const fieldEnd = this.#position + size
        if (fieldEnd > end) throw new MalformedError(`the field at byte ${this.#position} is longer than what holds it`)
        visit(field, size, false)
        this.#position = fieldEnd
      } else {
        throw new MalformedError(`no field begins before byte ${this.#position}`)
      }
    }
  }

  #name(length: number): string {
    if (length > 4096) throw new MalformedError('a name in it is longer than any')
    return this.#text(length)
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      this.#load(1)
      const byte = this.#chunk[this.#position - this.#chunkStart] ?? 0
      this.#position += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new MalformedError(`the number before byte ${this.#position} has no end`)
  }

  #text(length: number): string {
    this.#load(length)
    const start = this.#position - this.#chunkStart
    this.#position += length
    return this.#chunk.toString('utf8', start, start + length)
  }

  /** Makes the next bytes, at most a chunk, available. */
  #load(length: number): void {
    const start = this.#position - this.#chunkStart
    if (start >= 0 && start + length <= this.#chunkLength) return
    this.#chunkStart = this.#position
    this.#chunkLength = readSync(this.#descriptor, this.#chunk, 0, chunk, this.#position)
    if (this.#chunkLength < length) throw new MalformedError('it ends in the middle of a field')
  }
}
