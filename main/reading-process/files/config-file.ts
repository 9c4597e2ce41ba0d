import { stat } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readOrdinaryFile } from '../../../native-models/ordinary-file.ts'

/** Published configurations have 3 kB. */
const largest = 64 * 1024

/**
 * The key: value pairs of a configuration in JSON or YAML. The published YAML files repeat a key and end flow mappings
 * in the first column: both are tolerated. Runs where it can be ended: some texts take a YAML reader long.
 * @throws ExpectedError naming the file that is missing or unreadable.
 */
export async function readMapping(path: string): Promise<Record<string, unknown>> {
  const unreadable = (what: string, cause?: unknown) =>
    new ExpectedError('model-config', `${path} ${what}; give a configuration in JSON or YAML.`, { cause })
  let text: string
  try {
    const { size } = await stat(path)
    if (size > largest) {
      throw unreadable(english`is too large to be a configuration (${size} bytes, at most ${largest})`)
    }
    text = (await readOrdinaryFile(path, largest, english`a configuration`)).toString('utf8')
  } catch (error) {
    throw error instanceof ExpectedError ? error : unreadable(english`cannot be read`, error)
  }
  let content: unknown
  try {
    content = path.toLowerCase().endsWith('.json')
      ? JSON.parse(text.replace(/^\ufeff/, ''))
      : parse(text, { strict: false, uniqueKeys: false, logLevel: 'silent' })
  } catch (error) {
    throw unreadable(english`is not valid JSON or YAML`, error)
  }
  const mapping = z.record(z.string(), z.unknown()).safeParse(content)
  if (!mapping.success) throw unreadable(english`holds no key: value pairs`)
  return mapping.data
}
