import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { certificate } from '../../../api/evaluation/certificate.ts'
import type { Certificate } from '../../../api/evaluation/certificate.ts'

/** A certificate as a file for people: indented, with each row on a line of its own. */
export function certificateText(certified: Certificate): string {
  const { rows, ...rest } = certified
  const head = JSON.stringify({ ...rest, rows: [] }, null, 2)
  return `${head.slice(0, head.lastIndexOf('[]'))}[\n${rows.map(row => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]\n}\n`
}

/** @throws ExpectedError when it is none. */
export function parseCertificate(text: string, file: string): Certificate {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new ExpectedError('certificate-damaged', `${file} is no certificate of an evaluation: it is not JSON.`, {
      cause,
    })
  }
  const parsed = certificate.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ExpectedError(
    'certificate-damaged',
    `${file} is no certificate of an evaluation: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'unknown'}.`,
  )
}
