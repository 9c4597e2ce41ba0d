import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ExpectedError } from '../../../../../native-models/expected-error.ts'
import { momentFormats } from '../../../../api/common/rules.ts'
import type { DatasetReport, NameDifference } from '../../../../api/training/datasets.ts'
import { writeFileAtomic } from '../../../../storage/files/atomic-file.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { text, UsageError } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'
import { datasetOf } from './dataset-options.ts'

/** The dry run over a labelled folder: nothing is changed. */
export function checkDataset(context: CommandContext): Promise<CommandResult> {
  const { values, signal, progress } = context
  const [folder = ''] = context.positionals
  const probe = values['no-probe'] !== true
  const list = text(values, 'missing')
  if (list !== undefined && !probe) throw new UsageError('--missing opens videos, which --no-probe forbids.')
  return withWorkbench(context, async ({ client }) => {
    const only = list === undefined ? null : await readMissing(list)
    for await (const step of await client.datasets.inspect({ ...datasetOf(folder, values), probe, only }, { signal })) {
      if (step.type === 'report') {
        progress.end()
        if (list !== undefined) await writeMissing(list, step.report.missing)
        const { unusable, counts } = step.report
        return {
          json: step.report,
          text: describe(step.report),
          exitCode: unusable === null || counts.test > 0 ? 0 : 1,
        }
      }
      progress.count('Open videos', step)
    }
    throw new Error('the dry run ended without a report')
  })
}

/** The videos that a list names, without the reasons behind them; null where there is none yet. */
async function readMissing(file: string): Promise<string[] | null> {
  const written = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new ExpectedError('file-unreadable', `${file} cannot be read; give a list that a check has written.`, {
      cause: error,
    })
  })
  return written?.split(/\r?\n/).flatMap(line => line.replace(/\t(?:missing|unreadable)$/, '') || []) ?? null
}

function writeMissing(file: string, missing: DatasetReport['missing']): Promise<void> {
  return writeFileAtomic(file, missing.map(({ video, reason }) => `${video}\t${reason}\n`).join(''))
}

/** Annotation files that are named. */
const filesShown = 10
/** Labels that are counted for people; all of them are in the JSON document. */
const labelsShown = 200

const differenceWords: Readonly<Record<NameDifference, string>> = {
  unicode: 'another Unicode form',
  case: 'other capitals',
  prefix: 'the prefix v_',
  extension: 'another extension',
  folder: 'another folder',
  times: 'times in the name',
  part: 'a name of a part with its times, found in the whole video',
  upload: 'the eight characters of an upload to Label Studio',
  percent: 'characters written as in an address (%20)',
}

function openedWords({ probed, opened, videos, missing }: DatasetReport): string {
  if (!probed) return ' (not opened)'
  const all = videos + missing.filter(({ reason }) => reason === 'unreadable').length
  return opened === all ? '' : ` (${opened} opened, which the list names; the others are taken to be readable)`
}

function describe(report: DatasetReport): string {
  const { counts, files, labels, names, problems, rows, split, tiers, unusable } = report
  const rule = split.by === 'given' ? 'as given' : `drawn with seed ${split.seed}`
  const parts = [
    `${report.folder}: ${report.format} for ${report.task}, ${report.videos} videos${openedWords(report)}`,
    `train ${counts.train}, validation ${counts.validation}, test ${counts.test} rows, ${rule}; data ${report.hash.slice(0, 12)}`,
  ]
  if (report.texts !== null) {
    parts.push(
      `several texts of one video are ${report.texts === 'queries' ? 'a query each' : 'one paragraph'} (--texts paragraph|queries)`,
    )
  }
  if (momentFormats.includes(report.format) && report.task !== 'moments') {
    parts.push('published for moments in videos, which evaluate --task moments scores')
  }
  for (const { file, encoding, delimiter, columns } of files.slice(0, filesShown)) {
    const read = Object.entries(columns)
      .map(([column, name]) => `${name} as ${column}`)
      .join(', ')
    parts.push(`${file}: ${encoding}${delimiter === null ? '' : `, ${delimiter}`}${read === '' ? '' : `; ${read}`}`)
  }
  if (files.length > filesShown) parts.push(`and ${files.length - filesShown} more files`)
  if (tiers.length > 0) {
    const said = tiers.map(({ name, count, taken }) => `${taken ? '' : 'not '}${name} (${count})`).join(', ')
    parts.push(`tiers taken: ${said} (--tier NAME)`)
  }
  for (const { differences, count, examples } of names) {
    if (differences.length > 0) {
      parts.push(
        '',
        `${count} videos found in spite of ${differences.map(difference => differenceWords[difference]).join(', ')}:`,
        ...examples.map(example => `  ${example}`),
      )
    }
  }
  if (labels.length > 0) {
    parts.push(
      '',
      table(
        ['label', 'train', 'validation', 'test'],
        labels.slice(0, labelsShown).map(({ name, counts: of }) => [name, of.train, of.validation, of.test]),
      ),
    )
  }
  if (labels.length > labelsShown) parts.push(`and ${labels.length - labelsShown} more labels`)
  for (const { severity, sentence, count, examples } of problems) {
    parts.push('', `${severity} × ${count}: ${sentence}`, ...examples.map(example => `  ${example}`))
  }
  if (rows.length > 0) {
    parts.push(
      '',
      table(
        ['split', 'row', 'video', 'text or label'],
        rows.map(row => [
          row.split,
          row.source,
          row.videos[0] ?? '',
          [row.label, ...row.text].filter(Boolean).join(' | ').slice(0, 60),
        ]),
      ),
    )
  }
  if (unusable !== null) parts.push('', unusable)
  return parts.join('\n')
}

/** The pre-training rows of long videos, from the metadata of HD-VILA-100M. */
export async function makeLongVideos({
  positionals,
  values,
  progress,
  signal,
}: CommandContext): Promise<CommandResult> {
  const out = text(values, 'out')
  if (out === undefined) throw new UsageError('--out is required.')
  const { writeLongVideos } = await import('../../../../training/data/hd-vila/hd-vila.ts')
  const texts = Array.isArray(values.texts) ? values.texts.map(file => resolve(String(file))) : []
  const counts = await writeLongVideos(
    {
      metadata: positionals.map(file => resolve(file)),
      texts,
      out: resolve(out),
      overwrite: values.overwrite === true,
    },
    {
      signal,
      onProgress: (done, current) => progress.count('Read metadata', { done, total: null, current }),
    },
  )
  progress.end()
  const { videos, clips, longVideos, keptClips, withoutText, unreadable } = counts
  return {
    json: { out: resolve(out), ...counts },
    text: `${longVideos} long videos of ${keptClips} clips are written to ${resolve(out)}.\nRead: ${videos} videos of ${clips} clips; ${withoutText} clips have no text, ${unreadable} lines cannot be read.`,
  }
}
