import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { AnnotationCounts, AnnotationExport, DatasetChoice } from '../../../api/training/datasets.ts'
import { readApart } from '../../../reading-process/reading-process.ts'
import { assertFree, writeOutput } from '../../../storage/files/output-path.ts'
import { openLabelledFolder } from '../examples/folder.ts'
import type { LabelledFolder } from '../examples/folder.ts'
import { jsonDocument } from '../files/json-document.ts'
import { openTextFile } from '../files/text-file.ts'
import { formatNamed, formats } from '../formats/formats.ts'
import { mediaNames } from '../formats/tools/elan.ts'
import type { Changes } from './changes.ts'
import { withSpans } from './elan-changes.ts'
import { elanDocument } from './elan-document.ts'
import { withRegions } from './label-studio-changes.ts'
import { labelStudioTasks } from './label-studio-document.ts'
import { spanTable } from './span-table.ts'
import { spansOf, videoKeyOf, whereOf } from './spans.ts'
import type { Span } from './spans.ts'

/** Tells a folder that an export has written. */
const mark = 'export.json'

/**
 * Writes the spans of a labelled folder as annotation tools have them: a table, sessions of ELAN in a folder, or tasks
 * of Label Studio; into files of such a tool, of which nothing else changes.
 * @throws ExpectedError when the folder cannot be read, or nothing may be written there.
 */
export async function exportAnnotations(
  { choice, as, out, into, overwrite }: AnnotationExport,
  signal: AbortSignal,
): Promise<AnnotationCounts> {
  const place = { path: resolve(out), mark: as === 'elan' ? mark : null, overwrite }
  await assertFree(place)
  const { spans, untimed, problems } = await readSpans(choice, signal)
  const counts: AnnotationCounts = {
    spans: spans.length,
    untimed,
    files: 0,
    changed: 0,
    added: 0,
    unchanged: 0,
    untouched: 0,
    problems,
  }
  await writeOutput(place, async path => {
    if (as === 'elan') {
      await mkdir(path, { recursive: true })
      for (const [name, bytes] of into === null
        ? newSessions(spans)
        : await sessionsInto(into, spans, { counts, signal })) {
        await mkdir(dirname(join(path, name)), { recursive: true })
        await writeFile(join(path, name), bytes)
        counts.files += 1
      }
      if (into === null) counts.added = spans.length
      await writeFile(join(path, mark), `${JSON.stringify(counts, null, 2)}\n`)
      return
    }
    const text =
      as === 'csv'
        ? spanTable(spans)
        : into === null
          ? labelStudioTasks(byVideo(spans), wantedRate(choice))
          : await tasksInto(into, spans, { choice, counts, signal })
    if (into === null) counts.added = spans.length
    await writeFile(path, text)
    counts.files = 1
  })
  return counts
}

async function readSpans(choice: DatasetChoice, signal: AbortSignal) {
  const folder = await openFolder(choice, signal)
  const problems: string[] = []
  const spans: Span[] = []
  let untimed = 0
  let format = choice.format ? formatNamed(choice.format) : undefined
  for (const candidate of format ? [] : formats) {
    if (!format && (await candidate.fits(folder, signal))) format = candidate
  }
  if (!format) {
    throw new ExpectedError(
      'dataset-unknown',
      `${choice.folder} has no annotations of a known format; give a labelled folder, or an annotation file.`,
    )
  }
  for await (const read of format.read(folder, signal)) {
    if ('problem' in read) problems.push(`${read.source} ${read.problem}`)
    if (!('content' in read)) continue
    const row = spansOf(read)
    spans.push(...row.spans)
    untimed += row.untimed
  }
  if (spans.length === 0) {
    throw new ExpectedError(
      'dataset-empty',
      `${choice.folder} has no text with times (${problems[0] ?? `${untimed} texts are without`}): only parts of videos go on a time line.`,
    )
  }
  return { spans, untimed, problems }
}

/** The folder; of a file only that one is read, in the folder where it lies. */
async function openFolder(choice: DatasetChoice, signal: AbortSignal): Promise<LabelledFolder> {
  const isFile = await stat(choice.folder).then(
    entry => entry.isFile(),
    () => false,
  )
  if (!isFile) return openLabelledFolder(choice, signal)
  const folder = await openLabelledFolder({ ...choice, folder: dirname(choice.folder) }, signal)
  return { ...folder, annotations: folder.annotations.filter(file => basename(file) === basename(choice.folder)) }
}

function byVideo(spans: readonly Span[]): Map<string, Span[]> {
  const videos = new Map<string, Span[]>()
  const names = new Map<string, string>()
  for (const span of spans) {
    const name = names.get(videoKeyOf(span.video)) ?? basename(span.video)
    names.set(videoKeyOf(span.video), name)
    videos.set(name, [...(videos.get(name) ?? []), span])
  }
  return videos
}

function newSessions(spans: readonly Span[]): [name: string, text: string][] {
  const date = new Date().toISOString()
  return [...byVideo(spans)].map(([video, own]) => [
    `${video.replace(/\.[^.]{1,5}$/, '')}.eaf`,
    elanDocument(video, own, date),
  ])
}

interface Into {
  readonly counts: AnnotationCounts
  readonly signal: AbortSignal
}

/** The sessions of a folder, or one session, with the spans of their videos. */
async function sessionsInto(
  into: string,
  spans: readonly Span[],
  { counts, signal }: Into,
): Promise<[name: string, bytes: Buffer | string][]> {
  const folder = await openFolder(
    { folder: resolve(into), videos: null, format: null, task: null, split: null },
    signal,
  )
  const paths = folder.annotations.filter(file => extname(file).toLowerCase() === '.eaf')
  if (paths.length === 0) throw new ExpectedError('dataset-unknown', `${into} has no session of ELAN (.eaf).`)
  const sessions = await Promise.all(
    paths.map(async path => {
      const file = await readApart('elan', { path }, { file: basename(path), signal })
      const videos = new Set([basename(path), ...file.media.flatMap(mediaNames)].map(videoKeyOf))
      return { path, name: relative(folder.path, path), file, videos, spans: [] as Span[] }
    }),
  )
  for (const span of spans) {
    const { mark } = span
    const named = mark?.source ? sessions.filter(({ name }) => basename(name) === basename(mark.source ?? '')) : []
    const [session, ...more] =
      named.length > 0 ? named : sessions.filter(({ videos }) => videos.has(videoKeyOf(span.video)))
    if (session && more.length === 0) {
      session.spans.push(span)
    } else {
      counts.problems.push(
        session
          ? english`${whereOf(span)}: several sessions are about ${span.video}`
          : english`${whereOf(span)}: no session is about ${span.video}`,
      )
    }
  }
  return Promise.all(
    sessions.map(async ({ path, name, file, spans: own }) => {
      const media = file.media.find(medium =>
        mediaNames(medium).some(video => videoKeyOf(video) === videoKeyOf(own[0]?.video ?? '')),
      )
      const found = withSpans(file, own, media?.origin ?? 0)
      count(counts, found)
      const before = await readFile(path)
      // What no span changes is copied as it is.
      return [
        name,
        found.text === file.text ? before : encoded(found.text, before, { path, encoding: file.encoding }),
      ] as [string, Buffer]
    }),
  )
}

/** In the encoding of the original, with its byte order mark. */
function encoded(text: string, before: Buffer, { path, encoding }: { path: string; encoding: string }): Buffer {
  if (encoding === 'utf-8') {
    return Buffer.concat([before.subarray(0, before[0] === 0xef ? 3 : 0), Buffer.from(text, 'utf8')])
  }
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le')
  throw new ExpectedError('annotations-malformed', `${path} is in ${encoding}: save it as UTF-8, and export again.`)
}

async function tasksInto(
  into: string,
  spans: readonly Span[],
  { choice, counts, signal }: Into & { readonly choice: DatasetChoice },
): Promise<string> {
  const tasks = await jsonDocument(await openTextFile(resolve(into), signal))
  if (typeof tasks !== 'object' || tasks === null) {
    throw new ExpectedError('annotations-malformed', `${into} is no JSON export of Label Studio.`)
  }
  const found = withRegions(tasks, spans, choice.frameRate ?? null)
  count(counts, found)
  return found.text
}

function count(counts: AnnotationCounts, { changed, added, unchanged, untouched, refused }: Changes): void {
  counts.changed += changed
  counts.added += added
  counts.unchanged += unchanged
  counts.untouched += untouched
  counts.problems.push(...refused)
}

function wantedRate({ frameRate }: DatasetChoice): number {
  if (frameRate !== undefined) return frameRate
  throw new ExpectedError(
    'frame-rate',
    'Label Studio counts in frames: give the frame rate that the project will have (--frame-rate).',
  )
}
