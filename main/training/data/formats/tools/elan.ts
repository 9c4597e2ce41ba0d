import { basename, extname, parse, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { isVideoFile } from '../../../../library/folders/video-files.ts'
import type { ElanFile, ElanMedia, ElanTier } from '../../../../reading-process/files/elan-file.ts'
import { readApart } from '../../../../reading-process/reading-process.ts'
import type { TimedSentence } from '../../examples/example.ts'
import { wholeVideo } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { nearOf, splitOfFile, unreadable } from '../reading/format.ts'
import type { Format, RowRead } from '../reading/format.ts'
import { elanTimes } from './elan-times.ts'

/**
 * ELAN's annotation files, each of one session: the annotations of its tiers are the sentences of its video, in the
 * order of time. Where nobody chose, the tiers that hang on no other are taken.
 */
export const elan: Format = {
  id: 'elan',
  tasks: ['retrieval', 'pretrain-stage1', 'pretrain-stage2'],
  fits: folder => Promise.resolve(elanFiles(folder).length > 0),
  async *read(folder, signal) {
    for (const path of elanFiles(folder)) {
      const name = relative(folder.path, path)
      try {
        yield* rowsOf(folder, { path, file: await readApart('elan', { path }, { file: name, signal }) })
      } catch (error) {
        signal.throwIfAborted()
        yield unreadable(error, { path, name })
      }
    }
  },
}

function elanFiles(folder: LabelledFolder): string[] {
  return folder.annotations.filter(file => extname(file).toLowerCase() === '.eaf')
}

function* rowsOf(
  folder: LabelledFolder,
  { path, file }: { readonly path: string; readonly file: ElanFile },
): Generator<RowRead> {
  const name = relative(folder.path, path)
  yield { file: { file: name, encoding: file.encoding, delimiter: null, columns: {} } }
  if (file.doubt !== null) yield { source: name, note: { kind: 'encoding', sentence: `The file ${file.doubt}` } }
  const { tiers: wanted } = folder.answers
  const taken = file.tiers.filter(tier => (wanted ? wanted.includes(tier.id) : isIndependent(tier)))
  for (const tier of file.tiers) {
    const count = tier.annotations.filter(({ text }) => text.trim() !== '').length
    yield { tier: { name: tier.id, count, taken: taken.includes(tier) } }
  }
  if (taken.length === 0) {
    const names = file.tiers.map(({ id }) => `‘${id}’`).join(', ')
    yield {
      source: name,
      problem: english`has none of the tiers that are to be taken; it has ${names || 'none at all'}`,
    }
    return
  }
  const filled = taken.filter(({ annotations }) => annotations.length > 0)
  if (!wanted && filled.length > 1) {
    const sentence = english`The file has several tiers that hang on no other, and the annotations of all of them are taken; choose those that are meant (--tier NAME).`
    yield { source: `${name}: ${filled.map(({ id }) => id).join(', ')}`, note: { kind: 'tiers', sentence } }
  }
  const { name: video, origin } = videoOf(folder, path, file.media)
  const times = elanTimes(file)
  const sentences: TimedSentence[] = []
  for (const tier of taken) {
    for (const { id, text } of tier.annotations) {
      const source = `${name}: ${tier.id}, ${id}`
      const at = times.get(id)
      if (text.trim() === '') {
        const sentence = english`The annotation has no text; it is passed over.`
        yield { source, note: { kind: 'empty-text', sentence } }
        continue
      }
      if (!at) {
        const sentence = english`Nothing says when the annotation is; its text is kept without a time.`
        yield { source, note: { kind: 'times', sentence } }
      }
      const [start, end] = at ? at.map(time => (time + origin) / 1000) : []
      const mark = { source: name, tier: tier.id, id }
      sentences.push({ text: text.trim().replace(/\s+/g, ' '), start: start ?? null, end: end ?? null, mark })
    }
  }
  const first = ({ start }: TimedSentence) => start ?? Infinity
  yield {
    source: name,
    split: splitOfFile(folder, path),
    near: nearOf(folder, path),
    content: {
      type: 'paragraph',
      video: wholeVideo(video),
      sentences: sentences.toSorted((a, b) => first(a) - first(b)),
    },
  }
}

/** Whether its annotations are times of their own. */
function isIndependent({ parent }: ElanTier): boolean {
  return parent === null
}

/**
 * The video of a session: of its media, which share one clock, the first that is there; where none is named, the file
 * beside the annotations of the same name.
 */
function videoOf(
  folder: LabelledFolder,
  path: string,
  media: readonly ElanMedia[],
): { readonly name: string; readonly origin: number } {
  const named = media.flatMap(medium =>
    mediaNames(medium)
      .filter(isVideoFile)
      .map(name => ({ name, origin: medium.origin })),
  )
  const near = nearOf(folder, path)
  return (
    named.find(({ name }) => folder.videos.find({ name, near }).files.length > 0) ??
    named[0] ?? { name: parse(path).name, origin: 0 }
  )
}

/** The file names that a medium may mean: where it lies from the annotations, then by name alone. */
export function mediaNames({ url, relativeUrl }: ElanMedia): string[] {
  const plain = [relativeUrl ?? '', url].filter(name => name !== '').map(name => name.replace(/^file:(\/\/\/?)?/i, ''))
  const inside = plain.filter(name => !/^([a-z]:)?[\\/]/i.test(name) && !/^[a-z][a-z+]+:/i.test(name))
  const bare = plain.map(name => basename(name.replaceAll('\\', '/')))
  const names = [...inside.filter(name => !name.startsWith('../')), ...bare].flatMap(name => [decoded(name), name])
  return [...new Set(names.map(name => name.replace(/^\.\//, '')))].filter(name => name !== '')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
