import { english } from '../../../../../native-models/english.ts'
import type { ExampleContent, RowContent, VideoSpan } from '../../examples/example.ts'
import type { Problems } from './problems.ts'

/**
 * Numbers below this are taken for label numbers, whichever of them occur: published checkpoints have 1,654 answers.
 */
const fewestNumbers = 2000

/** Names by number, and the number of each label as the rows have it. */
export interface Labels {
  readonly names: readonly string[]
  number(label: number | string): number
}

/**
 * The labels of the rows: the numbers given where they count labels, else all distinct names in the order of the
 * alphabet, or of size where every name is a number, as a date or an id is.
 */
export function labelsOf(contents: readonly RowContent<VideoSpan>[], problems: Problems): Labels {
  const given = new Set<number | string>()
  let answers = 0
  for (const content of contents) {
    if (content.type === 'choices') answers = Math.max(answers, content.answers.length)
    else if ('label' in content) given.add(content.label)
  }
  if (answers > 0) return namesOf(Array.from({ length: answers }, (_, answer) => english`answer ${answer + 1}`))
  const numbers = [...given].flatMap(label => (typeof label === 'number' ? [label] : []))
  const most = numbers.reduce((largest, label) => Math.max(largest, label), -1)
  if (
    numbers.length === given.size &&
    numbers.every(label => Number.isInteger(label) && label >= 0) &&
    most < Math.max(fewestNumbers, 4 * given.size)
  ) {
    return namesOf(Array.from({ length: most + 1 }, (_, label) => String(label)))
  }
  const names = [...new Set([...given].map(String))]
  warnOfSpellings(names, problems)
  warnOfLists(names, problems)
  const areNumbers = names.every(name => name.trim() !== '' && Number.isFinite(Number(name)))
  names.sort(areNumbers ? (a, b) => Number(a) - Number(b) || (a < b ? -1 : 1) : undefined)
  if (areNumbers && numbers.length === given.size) {
    problems.add('labels', {
      severity: 'warning',
      sentence: english`The labels are numbers that do not count from 0; they are taken for names, in the order of their size.`,
      example: english`${names.length} labels from ${names[0]} to ${names.at(-1)}`,
    })
  }
  return namesOf(names)
}

/** Names that differ in nothing that is heard are likely one class that was written in several ways. */
function warnOfSpellings(names: readonly string[], problems: Problems): void {
  const alike = new Map<string, string[]>()
  for (const name of names) {
    const key = name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim()
    alike.set(key, [...(alike.get(key) ?? []), name])
  }
  for (const spellings of alike.values()) {
    if (spellings.length < 2) continue
    problems.add('labels', {
      severity: 'warning',
      sentence: english`Labels differ in capitals, spaces or signs alone, and are classes of their own; give them one spelling if they are one.`,
      example: spellings.map(name => `‘${name}’`).join(', '),
    })
  }
}

/** A name that is made of others is likely a list of classes. */
function warnOfLists(names: readonly string[], problems: Problems): void {
  const known = new Set(names)
  for (const name of names) {
    const parts = name.split(/[;|,+]/).map(part => part.trim())
    if (parts.length < 2 || !parts.some(part => part !== '' && known.has(part))) continue
    problems.add('labels', {
      severity: 'warning',
      sentence: english`The label looks like several classes and is taken for one of its own; a row has one class.`,
      example: `‘${name}’`,
    })
  }
}

function namesOf(names: readonly string[]): Labels {
  const places = new Map(names.map((name, index) => [name, index]))
  return { names, number: label => places.get(String(label)) ?? -1 }
}

/** A row with its label's number. */
export function numbered(content: RowContent<VideoSpan>, labels: Labels): ExampleContent {
  switch (content.type) {
    case 'question':
    case 'class':
      return { ...content, label: labels.number(content.label) }
    case 'choices':
    case 'paragraph':
    case 'clips':
    case 'moments':
      return content
    default:
      return content satisfies never
  }
}
