import { relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { tasks } from '../../../../api/common/rules.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import type { Sample, Shard } from '../../examples/shards.ts'
import { parseJson } from '../../files/lines.ts'
import type { ParsedLine } from '../../files/lines.ts'
import { nearOf, splitOfFile } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'
import { columnsOf, namedColumns, tidyName } from '../tables/table-columns.ts'
import { rowsOfTable } from '../tables/table-rows.ts'
import { namedCells } from './json-table.ts'

const shardsOf = ({ shards }: LabelledFolder) =>
  shards.filter(({ samples, problem }) => problem !== null || samples.some(({ video }) => video !== null))

/** The fields of a sample as a table names them: its video, the text or label beside it, and those of its JSON. */
function fieldsOf({ video, texts }: Sample): ParsedLine {
  const { json, txt, cls } = texts
  const parsed = json === undefined ? { value: {}, problem: null } : parseJson(json)
  const isObject = typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)
  if (parsed.problem !== null || !isObject) {
    return {
      line: 0,
      value: null,
      problem: english`has a json file that ${parsed.problem ?? 'is no object with named fields'}`,
    }
  }
  const given = Object.entries(parsed.value as object).filter(([name]) => !namesVideo(name))
  return {
    line: 0,
    // A sample is of the video beside it, whatever its JSON calls it.
    value: {
      ...Object.fromEntries(given),
      ...(txt === undefined ? {} : { text: txt.trim().replace(/\s+/g, ' ') }),
      ...(cls === undefined ? {} : { label: cls.trim() }),
      file_name: video,
    },
    problem: null,
  }
}

/** Names that a table takes for the video's. */
function namesVideo(name: string): boolean {
  return columnsOf([name]).videos.length > 0 && !['name', 'title'].includes(tidyName(name))
}

/**
 * Shards of WebDataset: tar archives of samples `N.mp4`, `N.txt`, `N.json` (also `N.cls`), read in place; the fields of
 * the JSON are named as the columns of a table.
 */
export const webDataset: Format = {
  id: 'webdataset',
  tasks,
  fits: folder =>
    Promise.resolve(folder.shards.some(({ samples }) => samples.some(({ video, texts }) => video && said(texts)))),
  async *read(folder) {
    for (const { path, samples, problem } of shardsOf(folder)) {
      const name = relative(folder.path, path)
      const rows = samples.filter(({ video }) => video !== null)
      const first = rows.find(({ texts }) => said(texts))
      const columns = first ? columnsOf(Object.keys((fieldsOf(first).value ?? {}) as object)) : null
      yield { file: { file: name, encoding: 'utf-8', delimiter: null, columns: columns ? namedColumns(columns) : {} } }
      for (const { key } of samples.filter(({ video, texts }) => video === null && said(texts))) {
        yield { source: `${name}: ${key}`, problem: english`has no video beside it in its archive` }
      }
      for (const { key } of rows.filter(({ texts }) => !said(texts))) {
        yield { source: `${name}: ${key}`, problem: english`has neither a txt, a json nor a cls file beside its video` }
      }
      yield* rowsOfTable(
        folder,
        { split: splitOfFile(folder, path), near: nearOf(folder, path), clips: false },
        cellsOf(name, { path, samples: rows.filter(({ texts }) => said(texts)), problem }),
      )
      if (problem !== null) yield { source: name, problem }
    }
  },
}

async function* cellsOf(name: string, { samples }: Shard) {
  for (const sample of samples) {
    const values = async function* () {
      yield await Promise.resolve(fieldsOf(sample))
    }
    yield* namedCells(values(), () => `${name}: ${sample.key}`)
  }
}

function said(texts: Sample['texts']): boolean {
  return texts.txt !== undefined || texts.json !== undefined || texts.cls !== undefined
}
