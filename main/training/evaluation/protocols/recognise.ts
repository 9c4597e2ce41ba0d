import { createHash } from 'node:crypto'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import { protocolNames, protocols } from '../../../api/common/rules.ts'
import type { ProtocolName } from '../../../api/common/rules.ts'
import type { EvaluationChoice } from '../../../api/evaluation/evaluation.ts'
import type { EvaluatedProtocol } from '../../../api/evaluation/protocol.ts'
import type { Split } from '../../../api/training/datasets.ts'
import type { Dataset } from '../../data/datasets/dataset.ts'
import { publishedProtocols } from './published-protocols.ts'
import { namesOf, rowsInFiles, rowsOfSplit } from './split-rows.ts'
import type { SplitRows } from './split-rows.ts'

/** Queries and videos. */
interface Counts {
  readonly queries: number
  readonly videos: number
}

/** The protocol that the rows of a split are, and those that rows of some of its files are. */
export interface Recognised {
  readonly name: ProtocolName | null
  readonly among: readonly ProtocolName[]
}

/**
 * The protocol that the rows of a split are, by their format, task and split, by how many queries and videos they name
 * and by what these are called. Missing videos are named too. Nothing is concluded from less.
 */
export function recognise(dataset: Dataset, split: Split): Recognised {
  const rows = rowsOfSplit(dataset, split)
  const fitting = dataset.split.by === 'given' ? protocolNames.filter(name => fits(name, dataset, split)) : []
  const name = fitting.find(one => isAllOf(one, rows, dataset)) ?? null
  const among = fitting.filter(one => name === null && isAllOf(one, inFilesOf(one, rows), dataset))
  return { name, among }
}

/** The choice with the task of the protocol that it asks for. @throws ExpectedError when it has another. */
export function withProtocol<Choice extends Pick<EvaluationChoice, 'dataset' | 'protocol'>>(choice: Choice): Choice {
  const { protocol, dataset } = choice
  if (protocol === null) return choice
  const { title, task } = protocols[protocol]
  if (dataset.task !== null && dataset.task !== task) {
    throw new ExpectedError(
      'protocol-differs',
      `${title} is of the task ${task}, not of ${dataset.task}; leave out the task or the protocol.`,
    )
  }
  return { ...choice, dataset: { ...dataset, task } }
}

/** The split of a protocol that is asked for, of those that have rows. @throws ExpectedError when none has. */
export function splitOfProtocol(name: ProtocolName, dataset: Dataset, wanted: Split | null): Split {
  const { splits } = publishedProtocols[name]
  const has = (split: Split) => dataset.examples.some(example => example.split === split)
  const split = splits.filter(one => wanted === null || one === wanted).find(has)
  if (split !== undefined) return split
  throw differs(name, dataset, english`it has no row in the split ${splits.join(' or ')}`)
}

/**
 * The rows of a protocol that is asked for: those in its files, as many of them as there are.
 * @throws ExpectedError when they are of another format or split, of other videos, or more than the protocol has.
 */
export function rowsOfProtocol(name: ProtocolName, dataset: Dataset, split: Split): SplitRows {
  const { formats, queries, videos, names, namesHash } = publishedProtocols[name]
  if (dataset.split.by !== 'given') {
    throw differs(name, dataset, english`its splits are drawn, not those that are published`)
  }
  if (!fits(name, dataset, split)) {
    throw differs(
      name,
      dataset,
      english`it is read as ${dataset.format}, and the protocol comes as ${formats.join(' or ')}`,
    )
  }
  const rows = inFilesOf(name, rowsOfSplit(dataset, split))
  const called = namesOf(rows, dataset)
  const counts = countsOf(rows, called)
  const other = [...called].find(video => !names.test(video))
  if (other !== undefined) {
    throw differs(name, dataset, english`it has a video ‘${other}’, which is none of the protocol’s`)
  }
  if (counts.queries > queries || counts.videos > videos) {
    throw differs(
      name,
      dataset,
      english`it has ${told(counts)} in the split ${split}, more than the protocol’s ${told({ queries, videos })}`,
    )
  }
  if (counts.videos === videos && namesHash !== undefined && hashOf(called) !== namesHash) {
    throw differs(name, dataset, english`it has as many videos, but not the same`)
  }
  return rows
}

/** What is said of an evaluation, with how many queries and videos of `named` ones it really is of. */
export function evaluatedProtocol({ name, among }: Recognised, there: Counts, named: Counts): EvaluatedProtocol {
  const all = name === null ? named : publishedProtocols[name]
  const complete = name !== null && there.queries === all.queries && there.videos === all.videos
  return {
    name,
    queries: { there: there.queries, all: all.queries },
    videos: { there: there.videos, all: all.videos },
    complete,
    metrics: name === null ? [] : [...publishedProtocols[name].metrics],
    among: [...among],
    sentence: sentenceOf({ name, among }, there, complete),
  }
}

function sentenceOf({ name, among }: Recognised, there: Counts, complete: boolean): string {
  if (name !== null) {
    const { queries, videos } = publishedProtocols[name]
    const { title } = protocols[name]
    return complete
      ? english`Protocol: ${title} (${told({ queries, videos })}): complete.`
      : english`Protocol: ${title} with ${count(there.queries)} of its ${count(queries)} queries and ${count(there.videos)} of its ${count(videos)} videos: not comparable with published figures.`
  }
  if (among.length === 0) {
    return english`No published protocol: the figures are comparable with those of the same rows alone.`
  }
  const titles = among.map(one => `${protocols[one].title} (${one})`).join(' and ')
  return english`No published protocol, but those of ${titles} are among the rows; ask for ${among.length === 1 ? 'it' : 'one'} by name.`
}

const told = ({ queries, videos }: Counts): string => english`${count(queries)} queries, ${count(videos)} videos`
const count = (number: number): string => number.toLocaleString('en')

function fits(name: ProtocolName, { format, task }: Dataset, split: Split): boolean {
  const { formats, splits } = publishedProtocols[name]
  return task === protocols[name].task && formats.includes(format) && splits.includes(split)
}

const inFilesOf = (name: ProtocolName, rows: SplitRows): SplitRows => rowsInFiles(rows, publishedProtocols[name].files)

function isAllOf(name: ProtocolName, rows: SplitRows, dataset: Dataset): boolean {
  const { queries, videos, names, namesHash } = publishedProtocols[name]
  const called = namesOf(rows, dataset)
  const counts = countsOf(rows, called)
  return (
    counts.queries === queries &&
    counts.videos === videos &&
    (namesHash === undefined ? [...called].every(video => names.test(video)) : hashOf(called) === namesHash)
  )
}

function countsOf({ examples, absent }: SplitRows, called: ReadonlySet<string>): Counts {
  return { queries: examples.length + absent.length, videos: called.size }
}

const hashOf = (called: ReadonlySet<string>): string =>
  createHash('sha256')
    .update([...called].sort().join('\n'))
    .digest('hex')

function differs(name: ProtocolName, { folder }: Dataset, why: string): ExpectedError {
  return new ExpectedError(
    'protocol-differs',
    `${folder} is not ${protocols[name].title}: ${why}. Evaluate without the protocol, or give its folder.`,
  )
}
