import { createHash } from 'node:crypto'
import { relative } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { DatasetChoice, DatasetReport, ExampleRow, SplitCounts, Split } from '../../../api/training/datasets.ts'
import type { MediaInfo } from '../../../media/media-info.ts'
import { evaluatedBy } from '../../../model-folder/kinds.ts'
import { pathToTell } from '../../../storage/files/packed-file.ts'
import { textOf, timesOf, videosOf } from '../examples/example.ts'
import type { Example } from '../examples/example.ts'
import { readDataset } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { lengthOf, openVideos, withinVideos } from './rows/impossible-times.ts'
import type { ProbeOptions, VideoLength } from './rows/impossible-times.ts'
import { Problems } from './rows/problems.ts'
import { defaultSplit } from './rows/splitting.ts'

export interface InspectOptions {
  readonly signal: AbortSignal
  /** Opens a video; null leaves them closed. */
  readonly probe: ((path: string, options: { signal: AbortSignal }) => Promise<MediaInfo>) | null
  /** Frames that the model in use samples from one video: shorter videos repeat frames. */
  readonly frames: number
  /** Names of the videos to open, as an earlier report has them in `missing`; null opens all. */
  readonly only?: readonly string[] | null
  readonly onProgress?: (done: number, total: number, current: string | null) => void
}

/** Rows shown as they are. */
const rowsShown = 20

/**
 * The dry run over a labelled folder: reads the rows and opens every video that they name.
 * @throws ExpectedError as {@link readDataset}.
 */
export async function inspectDataset(choice: DatasetChoice, options: InspectOptions): Promise<DatasetReport> {
  let dataset: Dataset
  try {
    dataset = await readDataset(choice, options.signal)
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'frame-rate') return unanswered(choice, error.message)
    const unseen = await queriesWithoutVideos(choice, options.signal)
    if (unseen) return unseen
    throw error
  }
  const videos = [...new Set(dataset.examples.flatMap(({ content }) => videosOf(content).map(video => video.path)))]
  const problems = new Problems()
  const asked = options.only ? new Set(options.only) : null
  const opened = asked ? videos.filter(video => asked.has(nameOf(video, dataset))) : videos
  const { broken, lengths } = options.probe
    ? await probeVideos(opened, dataset, { ...options, probe: options.probe, problems })
    : { broken: new Set<string>(), lengths: new Map<string, VideoLength>() }
  const readable = dataset.examples.filter(({ content }) => videosOf(content).every(video => !broken.has(video.path)))
  const usable = withinVideos(readable, { task: dataset.task, lengths, problems })
  return {
    ...rowsAsRead(dataset, usable),
    videos: videos.length - broken.size,
    probed: options.probe !== null,
    opened: options.probe ? opened.length : 0,
    missing: missingVideos(dataset, broken),
    problems: [...dataset.problems, ...problems.list()],
    unusable: whyUnusable(countSplits(usable)),
  }
}

/** What a report says of rows, whatever became of their videos. */
function rowsAsRead(dataset: Dataset, usable: readonly Example[]) {
  return {
    folder: dataset.folder,
    format: dataset.format,
    formats: [...dataset.formats],
    task: dataset.task,
    evaluatedBy: dataset.task === 'moments' ? 'retrieval' : evaluatedBy(dataset.task),
    tasks: [...dataset.tasks],
    split: dataset.split,
    texts: dataset.texts,
    hash: dataset.hash,
    counts: countSplits(usable),
    labels: labelCounts(usable, dataset.labels),
    files: [...dataset.files],
    tiers: [...dataset.tiers],
    names: [...dataset.names],
    rows: usable.slice(0, rowsShown).map(example => exampleRow(example, dataset)),
  } satisfies Partial<DatasetReport>
}

/** The report on queries for moments of which no video is there: what was predicted elsewhere can be scored on them. */
async function queriesWithoutVideos(choice: DatasetChoice, signal: AbortSignal): Promise<DatasetReport | null> {
  const asked = { ...choice, task: choice.task ?? ('moments' as const) }
  if (asked.task !== 'moments') return null
  const dataset = await readDataset(asked, signal, { needsVideos: false }).catch(() => null)
  signal.throwIfAborted()
  if (!dataset) return null
  const { examples, problems } = dataset
  const vids = examples.flatMap(({ content }) => (content.type === 'moments' ? [content.vid] : []))
  return {
    ...rowsAsRead(dataset, examples),
    tasks: ['moments'],
    videos: 0,
    probed: false,
    opened: 0,
    missing: [...new Set(vids)].map(video => ({ video, reason: 'missing' })),
    problems: [...problems],
    unusable: english`No video is there: predictions in a file can be scored, and nothing else. If the videos lie elsewhere, say where.`,
  }
}

/** The report on a folder that cannot be read before something is known that only the user can say. */
function unanswered({ folder, split }: DatasetChoice, question: string): DatasetReport {
  const counts = { train: 0, validation: 0, test: 0 }
  return {
    folder,
    format: 'label-studio',
    formats: ['label-studio'],
    task: 'retrieval',
    evaluatedBy: evaluatedBy('retrieval'),
    tasks: ['retrieval'],
    split: split ?? defaultSplit,
    texts: null,
    hash: createHash('sha256').digest('hex'),
    counts,
    videos: 0,
    probed: false,
    opened: 0,
    missing: [],
    labels: [],
    files: [],
    tiers: [],
    names: [],
    problems: [],
    rows: [],
    unusable: question,
  }
}

const nameOf = (video: string, { videoNames }: Dataset): string => pathToTell(videoNames.get(video) ?? video)

function missingVideos(dataset: Dataset, broken: ReadonlySet<string>): DatasetReport['missing'] {
  const absent = new Set(dataset.withoutVideo.flatMap(({ videos }) => videos))
  return [
    ...[...absent].map(video => ({ video, reason: 'missing' as const })),
    ...[...broken].map(video => ({ video: nameOf(video, dataset), reason: 'unreadable' as const })),
  ]
}

async function probeVideos(
  videos: readonly string[],
  dataset: Dataset,
  {
    signal,
    frames,
    onProgress,
    probe,
    problems,
  }: { readonly problems: Problems } & InspectOptions & ProbeOptions<MediaInfo>,
): Promise<{ broken: Set<string>; lengths: ReadonlyMap<string, VideoLength> }> {
  const [broken, lengths] = [new Set<string>(), new Map<string, VideoLength>()]
  await openVideos(videos, { probe, signal, onProgress }, (video, info, error) => {
    if (info) {
      lengths.set(video, lengthOf(info))
      if (info.frameCount < frames) {
        problems.add('short-video', {
          severity: 'warning',
          sentence: english`The video has fewer than the ${frames} frames that the model in use samples; frames are repeated.`,
          example: `${pathToTell(relative(dataset.folder, video))}: ${info.frameCount} frames`,
        })
      }
      return
    }
    if (!(error instanceof ExpectedError)) throw error
    broken.add(video)
    problems.add('broken-video', {
      severity: 'error',
      sentence: english`The video cannot be read; its rows are left out.`,
      example: error.message,
    })
  })
  return { broken, lengths }
}

function labelCounts(examples: readonly Example[], labels: readonly string[]): DatasetReport['labels'] {
  const counts = labels.map(name => ({ name, counts: { train: 0, validation: 0, test: 0 } }))
  for (const { split, content } of examples) {
    const label = 'label' in content ? counts[content.label] : undefined
    if (label) label.counts[split] += 1
  }
  return counts
}

function countSplits(examples: readonly Example[]): SplitCounts {
  const count = (wanted: Split) => examples.filter(({ split }) => split === wanted).length
  return { train: count('train'), validation: count('validation'), test: count('test') }
}

function exampleRow({ source, split, content }: Example, { folder, labels }: Dataset): ExampleRow {
  const videos = videosOf(content)
  return {
    source,
    split,
    videos: videos.map(video => pathToTell(relative(folder, video.path))),
    start: videos[0]?.start ?? null,
    end: videos[0]?.end ?? null,
    times: timesOf(content),
    text: textOf(content),
    label: 'label' in content ? (labels[content.label] ?? null) : null,
  }
}

function whyUnusable({ train, validation, test }: SplitCounts): string | null {
  if (train + validation + test === 0) return english`No row can be used: see what is wrong with them.`
  if (train + validation === 0) {
    return english`Every row is for the test: it can be evaluated; to train on some, draw the splits with a seed.`
  }
  if (train === 0) {
    return english`No row is for training: name an annotation file ‘train’, or draw the splits with a seed.`
  }
  if (validation === 0) {
    return english`No row is for validation, so that no checkpoint could be chosen: name an annotation file ‘val’, or draw the splits with a seed.`
  }
  return null
}
