import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, cpus } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Computer } from '../../../api/evaluation/certificate.ts'
import { ffmpegAbilities } from '../../../media/ffmpeg/executables.ts'

/** What computes here, and with which versions. @param version of this program. @param device of the engine. */
export async function thisComputer(version: string, device: string): Promise<Computer> {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  const runtime = z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, 'utf8')))
  return {
    program: version,
    node: process.versions.node,
    onnxruntime: runtime.version,
    ffmpeg: (await ffmpegAbilities()).version.join('.'),
    platform: `${process.platform} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    provider: device,
    precision: 'fp32',
  }
}

/** Those that an evaluation was computed on, each once, the last one last. */
export function withComputer(known: readonly Computer[], now: Computer): Computer[] {
  return [...known.filter(one => !isDeepStrictEqual(one, now)), now]
}
