import { basename, relative } from 'node:path'
import { english } from '../../../../../native-models/english.ts'
import { captionedVideo } from '../../examples/example.ts'
import type { Row } from '../../examples/example.ts'
import type { LabelledFolder } from '../../examples/folder.ts'
import { fileNotes, nearOf, sourceOf, splitNamed } from '../reading/format.ts'
import type { Format } from '../reading/format.ts'
import { delimiterNames, tidyName } from '../tables/table-columns.ts'
import { openTable } from '../tables/table.ts'
import type { Table } from '../tables/table.ts'

/**
 * Condensed Movies as published (github.com/m-bain/CondensedMovies): `descriptions.csv` (`videoid`, `description`),
 * `clips.csv` (`videoid`, `imdbid`) and `split.csv` (`imdbid`, `split`), joined by film. As in its own loader, a
 * description that several clips have is taken for a mistake.
 */
interface NamedTable {
  readonly file: string
  readonly table: Table
  readonly place: (column: string) => number
}

const tables = /(desc|clip|split).*\.csv$/i

/** Tables with all of some columns. */
async function tablesWith(folder: LabelledFolder, columns: readonly string[], signal: AbortSignal) {
  const found: NamedTable[] = []
  for (const file of folder.annotations.filter(name => tables.test(basename(name)))) {
    const table = await openTable(folder, file, signal).catch(() => null)
    const names = table?.columns.header.map(tidyName) ?? []
    if (table && columns.every(column => names.includes(column))) {
      found.push({ file, table, place: column => names.indexOf(column) })
    }
  }
  return found
}

async function valuesOf(tables: readonly NamedTable[], key: string, value: string): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  for (const { table, place } of tables) {
    for await (const { cells } of table.rows()) values.set(cells[place(key)] ?? '', cells[place(value)] ?? '')
  }
  return values
}

const parts = (folder: LabelledFolder, signal: AbortSignal) => ({
  described: () => tablesWith(folder, ['videoid', 'description'], signal),
  clips: () => tablesWith(folder, ['videoid', 'imdbid'], signal),
  splits: () => tablesWith(folder, ['imdbid', 'split'], signal),
})

export const condensedMovies: Format = {
  id: 'condensed-movies',
  tasks: ['retrieval'],
  async fits(folder, signal) {
    const { described, clips, splits } = parts(folder, signal)
    return (await splits()).length > 0 && (await described()).length > 0 && (await clips()).length > 0
  },
  async *read(folder, signal) {
    const { described, clips, splits } = parts(folder, signal)
    const [films, splitTables] = [await clips(), await splits()]
    const [filmOf, splitOf] = [
      await valuesOf(films, 'videoid', 'imdbid'),
      await valuesOf(splitTables, 'imdbid', 'split'),
    ]
    const told = await described()
    for (const { table } of new Map([...films, ...splitTables, ...told].map(one => [one.file, one])).values()) {
      const { text, delimiter } = table
      yield* fileNotes(folder, text, { delimiter: delimiterNames[delimiter] ?? delimiter, columns: {} })
    }
    const rows: (Row & { readonly said: string })[] = []
    for (const { file, table, place } of told) {
      for await (const { line, cells, problem } of table.rows()) {
        const source = sourceOf(folder, file, line)
        const [name, said] = [cells[place('videoid')] ?? '', cells[place('description')] ?? '']
        const film = filmOf.get(name) ?? ''
        const named = splitOf.get(film) ?? ''
        if (problem !== null) {
          yield { source, problem }
        } else if (name === '' || said === '') {
          yield { source, problem: name === '' ? english`names no video` : english`has no description` }
        } else if (film === '' || named === '') {
          const where = (film === '' ? films : splitTables).map(({ file: other }) => relative(folder.path, other))
          yield { source: `${source}: ${film || name}`, problem: english`is of no film that ${where.join(', ')} has` }
        } else {
          rows.push({
            said,
            source,
            split: splitNamed(named),
            near: nearOf(folder, file),
            content: captionedVideo(name, said),
          })
        }
      }
    }
    const counts = new Map<string, number>()
    for (const { said } of rows) counts.set(said, (counts.get(said) ?? 0) + 1)
    for (const { said, ...row } of rows) {
      if ((counts.get(said) ?? 0) === 1) yield row
      else yield { source: row.source, problem: english`has a description that other clips have as well` }
    }
  },
}
