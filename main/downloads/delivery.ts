import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { JobRun } from '../jobs/job-handler.ts'
import type { Network } from './network.ts'
import { transfer } from './transfer/transfer.ts'
import type { Patience, Wanted } from './transfer/transfer.ts'

/** A file to bring, as it is called on screen. */
export interface Ordered extends Omit<Wanted, 'jobId'> {
  readonly name: string
  /** Bytes, as a server has said where the publisher does not state them. */
  readonly measured?: number | null
}

interface DeliveryParts {
  readonly run: JobRun
  readonly network: Network
  readonly patience: Patience | undefined
}

/** The files of one job, brought one after the other, with their bytes counted together. */
export class Delivery {
  readonly #parts: DeliveryParts
  /** Bytes of each file by its target; null while nobody has stated them. */
  readonly #sizes: Map<string, number | null>
  #done = 0

  /** @param ordered all that is going to be brought, as far as it is known. */
  constructor(ordered: readonly Ordered[], parts: DeliveryParts) {
    this.#parts = parts
    this.#sizes = new Map(ordered.map(({ target, size, measured }) => [target, size ?? measured ?? null]))
  }

  /** Brings the file unless it is here. @returns its SHA-256 when it was brought, else null. */
  async bring(file: Ordered): Promise<string | null> {
    const { run, network, patience } = this.#parts
    const { target, name } = file
    let sha256: string | null = null
    if ((await wholeSize(target, file.size)) === null) {
      await mkdir(dirname(target), { recursive: true })
      sha256 = await network.use(run.signal, signal =>
        transfer(
          { ...file, jobId: run.job.id },
          {
            signal,
            ...(patience && { patience }),
            onProgress: (received, total, note) => {
              this.#sizes.set(target, total ?? this.#sizes.get(target) ?? null)
              this.#report(received, note === null ? name : `${name}: ${note}`)
            },
          },
        ),
      )
    }
    const size = await wholeSize(target, file.size)
    this.#sizes.set(target, size)
    this.#done += size ?? 0
    return sha256
  }

  /** Says what else goes on when all that was brought is here. */
  say(current: string): void {
    this.#report(0, current)
  }

  #report(received: number, current: string): void {
    const total = [...this.#sizes.values()].reduce<number | null>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    )
    this.#parts.run.progress({ done: this.#done + received, total, unit: 'bytes', current })
  }
}

/** Bytes of a file that has come to its end; null when it is not here or is not the published one. */
export async function wholeSize(path: string, size: number | null): Promise<number | null> {
  const found = await stat(path).then(
    ({ size: bytes }) => bytes,
    () => null,
  )
  return found !== null && (size === null || size === found) ? found : null
}
