import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { assertNoGitPointer } from './git-pointer.ts'

/** Bytes: a tokenizer_config.json that lists every added token has one million. */
const largest = 8 * 1024 * 1024

/** The object in a JSON file of a downloaded folder. @throws ExpectedError naming the file that is something else. */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  await assertNoGitPointer(path)
  const text = (await readOrdinaryFile(path, largest, english`a configuration`)).toString('utf8').replace(/^\ufeff/, '')
  const broken = (what: string, cause?: unknown) =>
    new ExpectedError('json-malformed', `${path} ${what}; it may be half downloaded: download it again.`, { cause })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw broken(english`is not JSON`, error)
  }
  const object = z.record(z.string(), z.unknown()).safeParse(content)
  if (!object.success) throw broken(english`holds no JSON object`)
  return object.data
}
