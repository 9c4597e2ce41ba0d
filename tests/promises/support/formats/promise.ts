import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetFormat, Task } from '../../../../main/api/training/datasets.ts'
import { colourVideos, fourColours, splits } from '../colour-videos.ts'
import type { ColourVideo } from '../colour-videos.ts'

/**
 * Formats in which others publish what `../tasks.ts` learns: each goes from its folder through a check to an
 * evaluation, and one of each kind of rows through an epoch of training before.
 */
export interface FormatPromise {
  readonly data: string
  readonly format: DatasetFormat
  readonly task: Task
  /** Of the epoch; not given: another format trains on such rows. */
  readonly preset?: string
  /** Of every command on the folder. */
  readonly options?: readonly string[]
  /** Rows for training, validation and the test, as the report counts them; not given: {@link usualRows}. */
  readonly rows?: readonly [number, number, number]
  /** Queries and videos that are evaluated, or questions. */
  readonly counts: readonly number[]
  /** What the window asks before it can read the rows, the name of the field, and the answer. */
  readonly asks?: { readonly question: string; readonly label: string; readonly answer: string }
  /** Whether the videos lie in archives with the rows. */
  readonly packed?: boolean
  /** Queries that are scored where the page Evaluate takes the folder for moments, which it was published for. */
  readonly moments?: number
  /** Files by their names in the labelled folder. @param videos where those of {@link colourVideos} lie. */
  readonly files: (videos: string) => Readonly<Record<string, string | Uint8Array>>
}

/** The videos of the colours that are asked for. */
/** One for each video of the four colours. */
export const usualRows = [8, 4, 4] as const

export const asked = colourVideos.filter(({ colour }) => fourColours.includes(colour))
export const of = (split: (typeof splits)[number], videos: readonly ColourVideo[] = colourVideos) =>
  videos.filter(video => video.split === split)
/** One file of each split. */
export const perSplit = <Content extends string | Uint8Array>(
  write: (videos: readonly ColourVideo[]) => Content,
  name: (split: string) => string,
) => Object.fromEntries(splits.map(split => [name(split), write(of(split, asked))]))

/** @param videos where those of {@link colourVideos} lie. */
export async function writeFormat(folder: string, { files }: FormatPromise, videos: string): Promise<void> {
  for (const [name, text] of Object.entries(files(videos))) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}
