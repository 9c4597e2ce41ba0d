import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArchiveOptions } from '../../native-models/checkpoints/files/archive.ts'
import { ByteSource } from '../../native-models/checkpoints/files/byte-source.ts'
import { checkpointOf, closeAll } from '../../native-models/checkpoints/files/checkpoint-layout.ts'
import type { Checkpoint } from '../../native-models/checkpoints/files/checkpoint-tensor.ts'
import { refusal } from '../../native-models/checkpoints/files/malformed-checkpoint.ts'
import { unfinishedName } from '../storage/files/left-overs.ts'
import { readApart } from './reading-process.ts'

/**
 * Opens a checkpoint that a stranger may have written: what is where in it is found out in a process of its own, the
 * values are read here, straight from the file.
 * @throws ExpectedError as {@link import('../../native-models/checkpoints/checkpoint.ts').checkpointLayout} does.
 */
export async function openCheckpointApart(
  path: string,
  { scratch = tmpdir(), signal }: ArchiveOptions = {},
): Promise<Checkpoint> {
  // Its name tells whose it is: what is left when this program is killed goes at the next start.
  const target = join(scratch, unfinishedName())
  const sources: ByteSource[] = []
  try {
    const layout = await readApart('checkpoint', { path, scratch, target }, { file: path, signal })
    for (const place of layout.sources) {
      sources.push(
        await ByteSource.openPart(place).catch((error: unknown) => {
          throw refusal(place.name, error)
        }),
      )
    }
    return checkpointOf({ ...layout, sources })
  } catch (error) {
    await closeAll(sources)
    throw error
  } finally {
    // An open file loses its name only: nothing is left however the program ends.
    await rm(target, { force: true })
  }
}
