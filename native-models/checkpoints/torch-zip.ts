import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { ExpectedError } from '../expected-error.ts'
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts'
import { bytesPerElement, decode } from './dtypes.ts'
import { interpretPickle, isKind } from './pickle.ts'
import type { PickleDict, PickleValue } from './pickle.ts'
import { torchAllowList, TorchTensor } from './torch-objects.ts'

const maxEntries = 200_000
/** The pickle of the largest known checkpoint is under 1 MB. */
const maxPickleBytes = 64 * 2 ** 20
/** Keys under which training scripts wrap a state dict. */
const wrappers = ['model', 'state_dict', 'module', 'model_state_dict']

/**
 * Opens a checkpoint written by `torch.save` since 1.6: a zip of stored entries, `data.pkl` and one `data/{key}` per storage.
 * @throws ExpectedError naming the file and what is wrong with it.
 */
export async function openTorchZip(path: string): Promise<Checkpoint> {
  let zip: ZipFile | undefined
  let file: FileHandle | undefined
  try {
    zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false })
    file = await open(path, 'r')
    const archive = new TorchArchive(zip, file, await entriesOf(zip))
    const tensors = new Map<string, CheckpointTensor>()
    for (const [name, tensor] of stateDict(interpretPickle(await archive.pickle(), torchAllowList))) {
      tensors.set(name, { dtype: tensor.storage.dtype, shape: tensor.shape, read: () => archive.read(tensor).catch((error: unknown) => { throw failure(path, error) }) })
      archive.check(tensor)
    }
    if (tensors.size === 0) throw new Error('it holds no tensors')
    const opened = { zip, file }
    return { format: 'torch', tensors, async close() { opened.zip.close(); await opened.file.close() } }
  } catch (error) {
    zip?.close()
    await file?.close()
    throw failure(path, error)
  }
}

function failure(path: string, error: unknown): ExpectedError {
  if (error instanceof ExpectedError) return error
  const reason = error instanceof Error ? error.message : String(error)
  const truncated = /central directory|beyond the end|too early|unexpected EOF/i.test(reason)
  return new ExpectedError('not-a-checkpoint', truncated
    ? `${path} is incomplete: ${reason}; download or copy it again.`
    : `${path} is not a usable PyTorch checkpoint: ${reason}.`, { cause: error })
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > maxEntries) throw new Error(`it has ${zip.entryCount} entries, more than any checkpoint`)
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  return entries
}

class TorchArchive {
  readonly #zip: ZipFile
  readonly #file: FileHandle
  readonly #entries: Map<string, Entry>
  readonly #folder: string

  constructor(zip: ZipFile, file: FileHandle, entries: Map<string, Entry>) {
    this.#zip = zip
    this.#file = file
    this.#entries = entries
    const pickles = [...entries.keys()].filter(name => /^[^/]+\/data\.pkl$/.test(name))
    const [first] = pickles
    if (first === undefined || pickles.length > 1) throw new Error('it is a zip file without the data.pkl of a PyTorch checkpoint')
    this.#folder = first.slice(0, -'data.pkl'.length)
  }

  async pickle(): Promise<Uint8Array> {
    const order = this.#entries.get(`${this.#folder}byteorder`)
    if (order && new TextDecoder().decode(await this.#bytes(order, 0, Math.min(order.uncompressedSize, 16))) === 'big') throw new Error('it was written on a big-endian machine')
    const entry = this.#entry('data.pkl')
    if (entry.uncompressedSize > maxPickleBytes) throw new Error(`its data.pkl has ${entry.uncompressedSize} bytes, more than any checkpoint`)
    return this.#bytes(entry, 0, entry.uncompressedSize)
  }

  /** @throws Error when the storage of a tensor is missing or too short. */
  check({ storage }: TorchTensor): void {
    const entry = this.#entry(`data/${storage.key}`)
    if (storage.elements * bytesPerElement[storage.dtype] > entry.uncompressedSize) throw new Error(`storage ${storage.key} is shorter than its tensors`)
  }

  async read(tensor: TorchTensor): Promise<Float32Array | BigInt64Array> {
    const { storage, shape, strides, offset } = tensor
    const count = shape.reduce((product, size) => product * size, 1)
    const width = bytesPerElement[storage.dtype]
    const span = count === 0 ? 0 : 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), 0)
    const values = decode(storage.dtype, await this.#bytes(this.#entry(`data/${storage.key}`), offset * width, span * width))
    return isContiguous(tensor) ? values : gatherStrided(values, shape, strides, count)
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(this.#folder + name)
    if (!entry) throw new Error(`its part ${name} is missing`)
    if (entry.compressionMethod !== 0 || entry.isEncrypted()) throw new Error(`its part ${name} is compressed or encrypted, which PyTorch never does`)
    return entry
  }

  async #bytes(entry: Entry, from: number, length: number): Promise<Uint8Array> {
    const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true })
    const bytes = new Uint8Array(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await this.#file.read(bytes, done, Math.min(length - done, 2 ** 30), fileDataStart + from + done)
      if (bytesRead === 0) throw new Error(`its part ${entry.fileName} reaches beyond the end of the file`)
      done += bytesRead
    }
    return bytes
  }
}

function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    if (size !== 1 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}

function gatherStrided<Values extends Float32Array | BigInt64Array>(values: Values, shape: readonly number[], strides: readonly number[], count: number): Values {
  const result = values instanceof Float32Array ? new Float32Array(count) : new BigInt64Array(count)
  const position = shape.map(() => 0)
  let source = 0
  for (let index = 0; index < count; index++) {
    result[index] = values[source] as never
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = strides[axis] ?? 0
      position[axis] = (position[axis] ?? 0) + 1
      source += step
      if ((position[axis] ?? 0) < (shape[axis] ?? 1)) break
      source -= step * (shape[axis] ?? 1)
      position[axis] = 0
    }
  }
  return result as Values
}

/** The tensors of a state dict, whether saved bare or under one of the usual wrapper keys. */
function stateDict(root: PickleValue): Map<string, TorchTensor> {
  if (root instanceof TorchTensor || !isKind(root, 'dict')) throw new Error('it holds no dictionary of tensors')
  const bare = tensorsOf(root)
  if (bare.size > 0) return bare
  for (const key of wrappers) {
    const inner = root.entries.get(key)
    if (isKind(inner, 'dict')) return tensorsOf(inner)
  }
  return bare
}

function tensorsOf(dict: PickleDict): Map<string, TorchTensor> {
  return new Map([...dict.entries].flatMap(([key, value]) => typeof key === 'string' && value instanceof TorchTensor ? [[key, value] as const] : []))
}
