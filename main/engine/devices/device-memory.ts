import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, cpus, hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { device } from '../../api/engine.ts'
import type { Device } from '../../api/engine.ts'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'

const remembered = z.object({
  machine: z.string(),
  devices: z.array(device),
  /** When it was measured, milliseconds since the epoch, where it counts for a while only; else null. */
  forNow: z.number().nullable(),
})

/** How long it counts then, milliseconds: a driver that never answers is waited for once in that time. */
const aWhile = 3600_000

/** What was measured on this machine, kept in a file and forgotten when the machine is another one. */
export class DeviceMemory {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** Null when nothing was measured on this machine as it is now, or too long ago. */
  recall(): Device[] | null {
    try {
      const { machine, devices, forNow } = remembered.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
      const age = forNow === null ? 0 : Date.now() - forNow
      // Of a later time is what was measured before the clock was put back.
      return machine === fingerprint() && age >= 0 && age < aWhile ? devices : null
    } catch {
      // Missing or damaged: measuring again costs seconds.
      return null
    }
  }

  /** @param isForNow whether it is to be measured again after a while. */
  async remember(devices: Device[], isForNow: boolean): Promise<void> {
    const kept: z.infer<typeof remembered> = {
      machine: fingerprint(),
      devices,
      forNow: isForNow ? Date.now() : null,
    }
    await writeFileAtomic(this.#file, `${JSON.stringify(kept, null, 2)}\n`)
  }
}

/** Raised when devices are tried out in another way. */
const trialVersion = 3

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
