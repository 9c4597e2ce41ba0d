import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { beforeEach } from 'vitest'
import { datasetChoice } from '../../../../main/api/training/datasets.ts'
import type { DatasetChoice } from '../../../../main/api/training/datasets.ts'
import { readDataset } from '../../../../main/training/data/datasets/dataset.ts'
import type { Dataset } from '../../../../main/training/data/datasets/dataset.ts'
import type { Example } from '../../../../main/training/data/examples/example.ts'
import { folderOfTest } from '../../../support/folders.ts'

/** A folder for each test. */
export function labelledFolder() {
  let folder = ''
  beforeEach(() => {
    folder = folderOfTest('labelled')
  })
  const choose = (choice: Partial<DatasetChoice> = {}) => datasetChoice.parse({ folder, ...choice })
  return {
    at: (name: string) => join(folder, name),
    choose,
    /** Writes files; those given nothing are videos, which reading does not open. */
    async write(files: Record<string, string | Uint8Array | null>): Promise<void> {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true })
        await writeFile(join(folder, name), content ?? '')
      }
    },
    read: (choice: Partial<DatasetChoice> = {}, options: Parameters<typeof readDataset>[2] = {}): Promise<Dataset> =>
      readDataset(choose(choice), new AbortController().signal, options),
  }
}

/** Video and text, or label, of every row. */
export function said({
  examples,
  labels,
}: Dataset): [video: string, said: string, start?: number | null, end?: number | null][] {
  return examples.map(({ content }: Example) => {
    if (content.type === 'clips' || content.type === 'moments') throw new Error('not here')
    const { video } = content
    const name = basename(video.path)
    if (content.type === 'paragraph') {
      const [sentence] = content.sentences
      const { start, end } = sentence?.start == null ? video : sentence
      return start === null
        ? [name, content.sentences.map(({ text }) => text).join(' | ')]
        : [name, content.sentences.map(({ text }) => text).join(' | '), start, end]
    }
    return [name, content.type === 'choices' ? (content.answers[content.label] ?? '') : (labels[content.label] ?? '')]
  })
}

/** Files of a labelled folder that stand for videos. */
export const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
export const numbered = (count: number) => videos(...Array.from({ length: count }, (_, number) => `v${number + 1}.mp4`))
