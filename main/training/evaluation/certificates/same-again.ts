import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { Certificate } from '../../../api/evaluation/certificate.ts'
import type { EvaluationChoice } from '../../../api/evaluation/evaluation.ts'
import { pathToTell } from '../../../storage/files/packed-file.ts'
import type { Example } from '../../data/examples/example.ts'
import { videoName } from '../results/results.ts'

interface Here {
  /** The model of the certificate as it is called here. */
  readonly model: string
  /** Where the rows and the videos are now; null where they were. */
  readonly folder: string | null
  readonly videos: string | null
}

/** What is to be evaluated so that it is what a certificate tells of. */
export function choiceOfCertificate(
  { data, protocol, predictions, conditions }: Certificate,
  { model, folder, videos }: Here,
): EvaluationChoice {
  return {
    dataset: {
      folder: folder ?? data.folder,
      videos: videos ?? (folder === null ? data.videos : null),
      format: data.format,
      task: data.task,
      split: data.splits,
      ...(data.texts && { texts: data.texts }),
    },
    split: data.split,
    protocol: protocol.asked,
    model,
    predictions,
    ties: protocol.ties,
    alignment: protocol.alignment,
    batchSize: protocol.batchSize,
    dualSoftmax: conditions?.dualSoftmax != null,
    originals: null,
    timeProbe: null,
  }
}

/** In what the rows of a folder differ first from those of a certificate. */
export function otherRows({ rows, data }: Certificate, folder: string, examples: readonly Example[]): ExpectedError {
  const place = Array.from({ length: Math.max(rows.length, examples.length) }, (_, row) => row).find(row => {
    const [was, is] = [rows[row], examples[row]]
    return !was || !is || was.source !== is.source || pathToTell(was.video) !== videoName(is, folder)
  })
  const [was, is] = [rows[place ?? -1], examples[place ?? -1]]
  const said =
    place === undefined
      ? english`its rows name the same videos, but a text, label, time or another split is different`
      : english`it differs first in row ${place + 1}: ${was ? `${was.source}, ${was.video}` : 'none'} then, ${is ? `${is.source}, ${videoName(is, folder)}` : 'none'} now (${data.count} rows then, ${examples.length} now)`
  return new ExpectedError(
    'certificate-differs',
    `The data of ${folder} is not that of the certificate: ${said}. Give the folder as it was then.`,
  )
}
