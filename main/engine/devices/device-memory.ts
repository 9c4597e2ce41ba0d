import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, cpus, hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { device } from '../../api/engine.ts'
import type { Device } from '../../api/engine.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'

const remembered = z.object({ machine: z.string(), devices: z.array(device) })

/** What was measured on this machine, kept in a file and forgotten when the machine is another one. */
export class DeviceMemory {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** Null when nothing was measured on this machine as it is now. */
  recall(): Device[] | null {
    try {
      const { machine, devices } = remembered.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
      return machine === fingerprint() ? devices : null
    } catch {
      // Missing or damaged: measuring again costs seconds.
      return null
    }
  }

  async remember(devices: Device[]): Promise<void> {
    await writeFileAtomic(this.#file, `${JSON.stringify({ machine: fingerprint(), devices }, null, 2)}\n`)
  }
}

/** Raised when devices are tried out in another way. */
const trialVersion = 2

/** What decides a trial: processor, graphics devices, and ONNX Runtime with the providers that are installed. */
function fingerprint(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  const parts = [
    trialVersion,
    hostname(),
    process.platform,
    arch(),
    cpus().map(({ model }) => model),
    namesIn('/dev/dri'),
    namesIn('/dev').filter(name => name.startsWith('nvidia')),
    process.env.VK_ICD_FILENAMES ?? null,
    readFileSync(join(folder, 'package.json'), 'utf8'),
    namesIn(join(folder, 'bin/napi-v6', process.platform, arch())),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])
