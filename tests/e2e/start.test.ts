import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderOfFile } from '../support/folders.ts'
import { root } from './support/product.ts'

const workspace = folderOfFile('start')

/**
 * Runs what `npm start` runs, on a machine without a display, until it has printed its URL; then ends it as a terminal
 * that is closed does.
 */
function start(
  words: string[],
): Promise<{ code: number | null; stdout: string; stderr: string; answer: number | null }> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...environment } = process.env
  return new Promise(done => {
    const child = spawn(process.execPath, [join(root, 'build/start.mjs'), ...words], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    let answer: number | null = null
    let asked = false
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.stdout.on('data', async (chunk: Buffer) => {
      stdout += chunk.toString()
      const url = /http:\/\/\S+(?=\n)/.exec(stdout)?.[0]
      if (!url || asked) return
      asked = true
      answer = (await fetch(url, { redirect: 'manual' })).status
      child.kill('SIGTERM')
    })
    child.once('close', code => done({ code, stdout, stderr, answer }))
  })
}

it.runIf(process.platform === 'linux')('without a display says so in one line and serves the same window', async () => {
  const { code, stdout, answer } = await start(['--workspace', workspace, '--port', '0'])
  expect(stdout.split('\n').filter(line => line.includes('cannot open here'))).toEqual([
    expect.stringContaining('there is no display'),
  ])
  expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=/)
  expect({ code, answer }).toEqual({ code: 0, answer: 303 })
})

it('serves where that is asked for, without an excuse', async () => {
  const { code, stdout, answer } = await start(['--serve', '--no-open', '--workspace', workspace, '--port', '0'])
  expect(stdout).not.toContain('cannot open')
  expect({ code, answer }).toEqual({ code: 0, answer: 303 })
})

it('refuses an unknown option with its usage', async () => {
  const { code, stdout, stderr } = await start(['--bogus'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Usage: npm start')
})
