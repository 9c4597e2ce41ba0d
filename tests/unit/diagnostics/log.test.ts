import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { logFiles, readLog } from '../../../main/diagnostics/log-files.ts'
import { openLog } from '../../../main/workbench/log.ts'
import { folderOfTest } from '../../support/folders.ts'

it('tells the newest entries of a level first, with what they carry', async () => {
  const file = join(folderOfTest('log'), 'workbench.log')
  const log = openLog(file)
  log.debug('not written by default')
  log.info('opened')
  log.warn({ disk: '/data' }, 'nearly full')
  log.error({ err: new Error('broken') }, 'a procedure failed')
  const all = await readLog(file, { least: 'info', count: 10 })
  expect(all.more).toBe(false)
  expect(all.entries.map(({ level, text }) => [level, text])).toEqual([
    ['error', 'a procedure failed'],
    ['warning', 'nearly full'],
    ['info', 'opened'],
  ])
  expect(all.entries[0]?.details).toMatch(/^Error: broken\n +at /)
  expect(all.entries[1]?.details).toBe('disk: /data')
  const few = await readLog(file, { least: 'warning', count: 1 })
  expect(few).toMatchObject({ entries: [{ level: 'error' }], more: true })
  expect(await readLog(join(folderOfTest('log'), 'none.log'), { least: 'info', count: 1 })).toEqual({
    entries: [],
    more: false,
  })
})

it('begins another file when one is full, and reads over them without losing or doubling a line', async () => {
  const folder = folderOfTest('log-full')
  const file = join(folder, 'workbench.log')
  const log = openLog(file)
  const filling = 'x'.repeat(100_000)
  for (let number = 0; number < 120; number++) log.info({ filling }, `line ${number}`)
  expect(readdirSync(folder).sort()).toEqual(['workbench.log', 'workbench.log.1', 'workbench.log.2'])
  for (const each of logFiles(file)) expect(statSync(each).size).toBeLessThan(5.3e6)
  const { entries, more } = await readLog(file, { least: 'info', count: 1000 })
  expect(more).toBe(false)
  expect(entries.map(({ text }) => text)).toEqual(Array.from({ length: 120 }, (_, index) => `line ${119 - index}`))
  // As the next start finds it.
  openLog(file).info('again')
  expect(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)).toContain('again')
})

it('forgets the oldest file of many, and no other', async () => {
  const file = join(folderOfTest('log-many'), 'workbench.log')
  const log = openLog(file)
  const filling = 'x'.repeat(1_000_000)
  for (let number = 0; number < 40; number++) log.info({ filling }, `line ${number}`)
  const { entries } = await readLog(file, { least: 'info', count: 1000 })
  expect(entries.length).toBeGreaterThanOrEqual(10)
  expect(entries.map(({ text }) => text)).toEqual(entries.map((_, index) => `line ${39 - index}`))
})

it('tells a line that is not whole as it stands, wherever portions of the file begin', async () => {
  const file = join(folderOfTest('log-torn'), 'workbench.log')
  const long = 'é'.repeat(200_000)
  writeFileSync(file, `${JSON.stringify({ level: 30, time: 1, msg: 'first' })}\n`)
  appendFileSync(file, `${JSON.stringify({ level: 40, time: 2, msg: long })}\n`)
  appendFileSync(file, '{"level":50,"time":3,"ms')
  const { entries } = await readLog(file, { least: 'debug', count: 10 })
  expect(entries.map(({ time, text }) => [time, text])).toEqual([
    [0, '{"level":50,"time":3,"ms'],
    [2, long],
    [1, 'first'],
  ])
})
