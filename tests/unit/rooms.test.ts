import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { ESLint } from 'eslint'
import { expect, it } from 'vitest'
import { rooms } from '../../build/rooms.ts'

const root = join(import.meta.dirname, '../..')
/** Without code of their own. */
const others = ['styles', 'generated']
/** Ops take the shapes of the graph, which applies their table. */
const unorderable = ['native-models/graph']

it('every folder that holds folders states their order', () => {
  const unordered: string[] = []
  const visit = (path: string): void => {
    const folders = readdirSync(join(root, path), { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !others.includes(entry.name))
      .filter(({ name }) =>
        readdirSync(join(root, path, name), { recursive: true }).some(file => /\.(ts|vue)$/.test(String(file))),
      )
      .map(({ name }) => name)
    if (unorderable.includes(path)) return
    const order = rooms.find(room => room.path === path)?.order
    // A single folder inside another has no neighbour to be ordered with.
    const missing = order ? folders.filter(name => !order.includes(name)) : folders.length > 1 ? folders : []
    unordered.push(...missing.map(name => `${path}/${name}`))
    for (const name of folders) visit(`${path}/${name}`)
  }
  for (const room of ['native-models', 'main', 'renderer']) visit(room)
  expect(unordered).toEqual([])
})

it('the order names no folder that is gone', () => {
  const gone = rooms.flatMap(({ path, order }) => {
    const present = readdirSync(join(root, path), { withFileTypes: true }).map(({ name }) => name)
    return order.filter(name => name !== '.' && !present.includes(name)).map(name => `${path}/${name}`)
  })
  expect(gone).toEqual([])
})

/** What a module loads of the files beside it; types are not loaded. */
const loaded = /^(?:import|export) (?!type )(?:[^'"=(]* from )?'(\.[^']+)'|(?<!@link )\bimport\('(\.[^']+)'\)/gm

/** The rule of lint for it reads every file once more for that, which takes half of its time. */
it('no files load one another in a circle', () => {
  const files = ['native-models', 'main', 'renderer'].flatMap(room =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|vue)$/.test(name))
      .map(name => join(root, room, name)),
  )
  const loads = new Map(
    files.map(file => [
      file,
      [...readFileSync(file, 'utf8').matchAll(loaded)]
        .map(([, imported, later]) => resolve(dirname(file), imported ?? later ?? ''))
        .filter(path => existsSync(path)),
    ]),
  )
  expect(circlesIn(loads).map(circle => circle.map(file => relative(root, file)))).toEqual([])
  expect(
    circlesIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
        ['d', ['a', 'd']],
      ]),
    ),
  ).toEqual([
    ['b', 'c', 'b'],
    ['d', 'd'],
  ])
})

/** Of each circle that a walk along the edges meets, what lies on it, from a first to itself. */
function circlesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const walk = (from: string, path: readonly string[]): void => {
    const begins = path.indexOf(from)
    if (begins >= 0) circles.push([...path.slice(begins), from])
    if (begins >= 0 || done.has(from)) return
    for (const to of edges.get(from) ?? []) walk(to, [...path, from])
    done.add(from)
  }
  for (const from of edges.keys()) walk(from, [])
  return circles
}

it('lint refuses an import that runs back, of a type as well', async () => {
  const lint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ruleId === 'import-x/no-restricted-paths' })
  const messages = async (file: string, code: string): Promise<string[]> => {
    const [result] = await lint.lintText(code, { filePath: join(root, file) })
    return result!.messages.map(({ message }) => message)
  }
  const back = "import { JobQueue } from '../jobs/job-queue.ts'\nexport const queue = JobQueue\n"
  expect(await messages('main/storage/database.ts', back)).toEqual([
    expect.stringContaining('main/storage comes before main/jobs'),
  ])
  const backByType =
    "import type { LfVilaConfig } from '../lfvila/configuration/config.ts'\nexport type Config = LfVilaConfig\n"
  expect(await messages('native-models/graph/shape.ts', backByType)).toEqual([
    expect.stringContaining('native-models/graph comes before native-models/lfvila'),
  ])
  const forward = "import { isDiskFull } from '../storage/files/atomic-file.ts'\nexport const full = isDiskFull\n"
  expect(await messages('main/jobs/lease.ts', forward)).toEqual([])
})
