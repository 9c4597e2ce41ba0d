import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ESLint } from 'eslint'
import { expect, it } from 'vitest'
import { rooms } from '../../build/rooms.ts'

const root = join(import.meta.dirname, '../..')
/** Without code of their own. */
const others = ['styles', 'generated']
/** The gradients of ops are written in ops, so that the op table and the functions that apply it need one another. */
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
