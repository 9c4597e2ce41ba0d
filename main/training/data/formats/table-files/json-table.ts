import { relative } from 'node:path'
import { z } from 'zod'
import { english } from '../../../../../native-models/english.ts'
import { tasks } from '../../../../api/common/rules.ts'
import type { RowProblem } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { jsonDocument, jsonList } from '../../files/json-document.ts'
import { linesOf } from '../../files/lines.ts'
import type { LineNumber, ParsedLine } from '../../files/lines.ts'
import type { TextFile } from '../../files/text-file.ts'
import { fileNotes, nearOf, sourceOf, splitOfFile } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'
import { listedTexts } from '../tables/listed-texts.ts'
import { choicesOf } from '../tables/named-choices.ts'
import {
  captionLists,
  columnsOf,
  doubtsOf,
  namedColumns,
  quoted,
  teaches,
  tidyName,
  wantedFields,
  withUnit,
} from '../tables/table-columns.ts'
import type { Column, Columns } from '../tables/table-columns.ts'
import { rowsOfTable } from '../tables/table-rows.ts'
import type { NamedCells } from '../tables/table-rows.ts'
import { videoPaths } from './video-paths.ts'

const files = (folder: LabelledFolder) => folder.annotations.filter(file => /\.(jsonl|json)$/i.test(file))
const fields = z.record(z.string(), z.unknown())
const scalar = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)])
const list = z.array(z.string())
/** Lines to look at before saying that a file is of another format: a first line may be broken. */
const linesToTry = 5
/** Files that are named where none can be read. */
const filesShown = 3

/** The values of a file: one JSON list of them, or one a line. */
async function* valuesOf(text: TextFile): AsyncGenerator<ParsedLine> {
  const list = await jsonList(text)
  if (list) yield* list
  else yield* linesOf(text)
}

/** The columns of the first object that names a video and says something of it; null when there is none. */
async function firstColumns(text: TextFile): Promise<Columns | null> {
  let tried = 0
  for await (const { value } of valuesOf(text)) {
    const row = fields.safeParse(value)
    const columns = columnsOf(row.success ? Object.keys(row.data) : [])
    if (teaches(columns)) return columns
    if (++tried === linesToTry) return null
  }
  return null
}

/** The fields of the JSON files of a folder that are of no known format; null when there are none. */
export async function unknownObjects(folder: LabelledFolder, signal: AbortSignal): Promise<string | null> {
  const found: string[] = []
  for (const file of files(folder).slice(0, filesShown)) {
    const row = fields.safeParse(await firstValue(await folder.text(file, signal)))
    if (row.success) found.push(english`${relative(folder.path, file)} has the fields ${quoted(Object.keys(row.data))}`)
  }
  if (found.length === 0) return null
  return english`${found.join('; ')}. Objects, in one list or one a line, need fields: ${wantedFields}`
}

/** Of a list, of a line, or the whole document. */
async function firstValue(text: TextFile): Promise<unknown> {
  for await (const { value, problem } of valuesOf(text)) {
    if (problem === null) return value
    break
  }
  return jsonDocument(text)
}

/** The cells of objects whose fields are named as columns. @param sourceAt of the line of an object. */
export async function* namedCells(
  values: AsyncIterable<ParsedLine>,
  sourceAt: (line: LineNumber) => string,
): AsyncGenerator<NamedCells | RowProblem> {
  for await (const { line, value, problem } of values) {
    const source = sourceAt(line)
    const row = fields.safeParse(value)
    if (problem !== null || !row.success) {
      yield { source, problem: problem ?? english`is no object with named fields` }
      continue
    }
    const columns = columnsOf(Object.keys(row.data))
    const { header, places } = columns
    const given = (place: number | undefined) => (place === undefined ? null : row.data[header[place] ?? ''])
    const textAt = (place: number | undefined) => {
      const found = scalar.safeParse(given(place))
      return found.success ? found.data.trim() : ''
    }
    const text = given(places.text)
    const listed = listedTexts(typeof text === 'boolean' ? String(text) : text, given(places.spans))
    if ('problem' in listed) {
      yield { source, problem: listed.problem }
      continue
    }
    const areCaptions = Array.isArray(text) && captionLists.includes(tidyName(header[places.text ?? -1] ?? ''))
    yield {
      source,
      cell: (column: Column) => withUnit(columns, column, textAt(places[column])),
      choices: choicesOf(columns, place => list.safeParse(given(place)).data ?? textAt(place)),
      labels: columns.labels.map(place => ({ name: header[place] ?? '', text: textAt(place) })),
      ...listed,
      ...(areCaptions && { meant: 'queries' }),
    }
  }
}

/**
 * Objects whose fields are named as the columns of a table are, one a line or in one list: VideoFolder's
 * `metadata.jsonl`, InternVid.
 */
export const jsonTable: Format = {
  id: 'json-table',
  tasks,
  async fits(folder, signal) {
    for (const file of files(folder)) {
      if (
        await folder
          .text(file, signal)
          .then(firstColumns)
          .catch(() => null)
      ) {
        return true
      }
    }
    return false
  },
  async *read(folder, signal) {
    for (const file of files(folder)) {
      const text = await folder.text(file, signal)
      const columns = await firstColumns(text)
      if (!columns) continue
      yield* fileNotes(folder, text, { delimiter: null, columns: namedColumns(columns) })
      for (const sentence of doubtsOf(columns)) {
        yield { source: relative(folder.path, file), note: { kind: 'table', sentence } }
      }
      yield* rowsOfTable(
        folder,
        {
          split: splitOfFile(folder, file),
          near: nearOf(folder, file),
          clips: columns.clips,
          pathOf: await videoPaths(folder, signal),
        },
        namedCells(valuesOf(text), line => sourceOf(folder, file, line)),
      )
    }
  },
}
