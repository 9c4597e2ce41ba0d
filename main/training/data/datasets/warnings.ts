import { basename } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import type { Split, SplitRule, RowTask } from '../../../api/training/datasets.ts'
import { videoKey, videosOf } from '../examples/example.ts'
import type { Example } from '../examples/example.ts'
import type { Problems } from './rows/problems.ts'

/** What is wrong with rows that can all be used. */
export function warnOf(
  examples: readonly Example[],
  { task, split, labels }: { task: RowTask; split: SplitRule; labels: readonly string[] },
  problems: Problems,
): void {
  warnOfLabels(examples, labels, problems)
  if (task === 'video-classification' || task === 'qa-classification') {
    warnOfClasses(examples, { task, split, labels }, problems)
  }
  if (task === 'video-classification') warnOfSeveralClasses(examples, labels, problems)
  warnOfLeaks(examples, problems)
  if (task === 'retrieval') warnOfRepeats(examples, problems)
}

function warnOfLabels(examples: readonly Example[], labels: readonly string[], problems: Problems): void {
  const learned = new Set(
    examples.flatMap(({ split, content }) => (split === 'train' && 'label' in content ? [content.label] : [])),
  )
  if (learned.size === 0) return
  for (const { source, split, content } of examples) {
    if (split === 'train' || !('label' in content) || content.type === 'choices' || learned.has(content.label)) continue
    problems.add('unseen-label', {
      severity: 'warning',
      sentence: english`The label ‘${labels[content.label]}’ is never seen in training, so that no model can learn it; its rows count as wrong.`,
      example: source,
    })
  }
}

/** One class teaches nothing, and a class that a draw has not held out is not judged. */
function warnOfClasses(
  examples: readonly Example[],
  { task, split: rule, labels }: { task: RowTask; split: SplitRule; labels: readonly string[] },
  problems: Problems,
): void {
  const found: Record<Split, Set<number>> = { train: new Set(), validation: new Set(), test: new Set() }
  for (const { split, content } of examples) if ('label' in content) found[split].add(content.label)
  const all = new Set([...found.train, ...found.validation, ...found.test])
  const [only] = all
  if (all.size === 1 && only !== undefined) {
    problems.add('one-class', {
      severity: 'warning',
      sentence: english`All rows have the same label, so that there is nothing to tell apart: a model is right whatever it has learned. Add rows of other classes.`,
      example: labels[only] ?? '',
    })
    return
  }
  // Answers to open questions are many, and hardly ever all in every split.
  if (task !== 'video-classification') return
  const [trained] = found.train
  if (found.train.size === 1 && trained !== undefined) {
    problems.add('one-class', {
      severity: 'warning',
      sentence: english`All rows for training have the same label, so that there is nothing to learn. Add rows of other classes, or draw the splits with a seed.`,
      example: labels[trained] ?? '',
    })
  }
  if (rule.by === 'given') return
  for (const split of ['validation', 'test'] as const) {
    if (found[split].size === 0) continue
    for (const label of found.train) {
      if (!found[split].has(label)) {
        problems.add('missing-class', {
          severity: 'warning',
          sentence: english`The class is in training but not in the ${split} split, whose figures say nothing of it; add videos of it, or draw a larger share.`,
          example: labels[label] ?? '',
        })
      }
    }
  }
}

/** The same part of a video in rows of several classes: a model gives one. */
function warnOfSeveralClasses(examples: readonly Example[], labels: readonly string[], problems: Problems): void {
  const found = new Map<string, { readonly source: string; readonly classes: Set<number> }>()
  for (const { source, content } of examples) {
    if (content.type !== 'class') continue
    const known = found.get(videoKey(content)) ?? { source, classes: new Set() }
    found.set(videoKey(content), known)
    known.classes.add(content.label)
  }
  for (const { source, classes } of found.values()) {
    if (classes.size < 2) continue
    problems.add('labels', {
      severity: 'warning',
      sentence: english`The video has several classes, each in a row of its own; a model can be right about one of them alone.`,
      example: `${source}: ${[...classes].map(label => labels[label]).join(', ')}`,
    })
  }
}

function warnOfLeaks(examples: readonly Example[], problems: Problems): void {
  const trained = new Set(
    examples
      .filter(({ split }) => split === 'train')
      .flatMap(({ content }) => videosOf(content).map(video => video.path)),
  )
  const held = new Map<string, string>()
  for (const { source, split, content } of examples) {
    if (split !== 'train') {
      for (const video of videosOf(content)) if (trained.has(video.path)) held.set(video.path, source)
    }
  }
  for (const [video, source] of held) {
    problems.add('leak', {
      severity: 'warning',
      sentence: english`The video is in training and held out as well: its figures say less than they seem to.`,
      example: `${source}: ${basename(video)}`,
    })
  }
}

/** Of several texts of a video each is a query. */
function warnOfRepeats(examples: readonly Example[], problems: Problems): void {
  const texts = new Map<string, { source: string; video: string; count: number }>()
  for (const { source, split, content } of examples) {
    const [video] = videosOf(content)
    const key = JSON.stringify([split, ...videosOf(content)])
    const known = texts.get(key) ?? { source, video: basename(video?.path ?? ''), count: 0 }
    texts.set(key, { ...known, count: known.count + 1 })
  }
  for (const { source, video, count } of texts.values()) {
    if (count === 1) continue
    problems.add('several-texts', {
      severity: 'warning',
      sentence: english`The video has several texts: each is a query of its own that finds it, and the video is there once. Where they are the sentences of one text, read them as one paragraph (--texts paragraph).`,
      example: `${source}: ${video}, ${count} texts`,
    })
  }
}
