import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { ExpectedError } from '../../expected-error.ts'
import type { TensorToWrite } from '../safetensors/safetensors.ts'
import { stateDictPickle } from './state-dict-pickle.ts'

/** A tensor of a state dict. Tensors that name the same `storage` share its bytes, which the first of them gives. */
export interface StoredTensor extends TensorToWrite {
  readonly dtype: 'float32' | 'float16' | 'int64'
  readonly storage: string
}

/** PyTorch maps storages into memory: each starts at a multiple of this. */
const alignment = 64
/** What the plain zip format can address. */
const largest = 0xffff_ffff
const folder = 'archive'

/**
 * Writes a flat state dict as `torch.save` does since 1.6: a zip of stored entries, `data.pkl` and one `data/{key}` per
 * storage.
 * @throws ExpectedError when it would be larger than 4 GiB.
 */
export async function writeTorchZip(
  path: string,
  tensors: readonly StoredTensor[],
  signal?: AbortSignal,
): Promise<void> {
  const storages = [...new Map(tensors.toReversed().map(tensor => [tensor.storage, tensor])).values()].reverse()
  const file = await open(path, 'w')
  try {
    const zip = new ZipWriter(file)
    await zip.add(
      `${folder}/data.pkl`,
      stateDictPickle(tensors, new Map(storages.map(({ storage }, index) => [storage, String(index)]))),
    )
    for (const [index, tensor] of storages.entries()) {
      signal?.throwIfAborted()
      const values = await tensor.read()
      await zip.add(`${folder}/data/${index}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    }
    await zip.add(`${folder}/version`, new TextEncoder().encode('3\n'))
    await zip.end()
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A zip of stored entries, written from front to back. */
class ZipWriter {
  readonly #file: FileHandle
  readonly #directory: Buffer[] = []
  #position = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  async add(name: string, content: Uint8Array): Promise<void> {
    const start = this.#position
    const nameBytes = Buffer.from(name)
    // A field of filling moves the content to the next multiple; its own head has four bytes.
    const filling = (alignment - ((start + 30 + nameBytes.length + 4) % alignment)) % alignment
    const extra = Buffer.alloc(4 + filling, 'Z')
    extra.write('FB', 'latin1')
    extra.writeUInt16LE(filling, 2)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    // The date of 1 January 1980: equal models give equal files.
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.byteLength, 14)
    common.writeUInt32LE(content.byteLength, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    common.writeUInt16LE(extra.length, 24)
    await this.#write(Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, extra, content)
    const central = Buffer.alloc(46)
    central.write('PK\x01\x02', 'latin1')
    central.writeUInt16LE(20, 4)
    common.copy(central, 6, 0, 24)
    central.writeUInt32LE(start, 42)
    this.#directory.push(central, nameBytes)
  }

  async end(): Promise<void> {
    const start = this.#position
    await this.#write(...this.#directory)
    const entries = this.#directory.length / 2
    const end = Buffer.alloc(22)
    end.write('PK\x05\x06', 'latin1')
    end.writeUInt16LE(entries, 8)
    end.writeUInt16LE(entries, 10)
    end.writeUInt32LE(this.#position - start, 12)
    end.writeUInt32LE(start, 16)
    await this.#write(end)
  }

  async #write(...parts: Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#position += part.byteLength
      if (this.#position > largest) {
        throw new ExpectedError(
          'export-size',
          'The model is larger than 4 GiB, which a PyTorch file of this program cannot hold; export it as fp16 or as safetensors.',
        )
      }
      await this.#file.writeFile(part)
    }
  }
}
