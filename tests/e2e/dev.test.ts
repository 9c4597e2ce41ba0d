import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { findChromium } from '../../build/test-tools.mjs'
import { patience, root } from './support/product.ts'

const chromiumPath = findChromium()

/** The sources again, to be changed without touching those that other tests run from. */
async function copySources(folder: string): Promise<void> {
  const names = ['build', 'main', 'native-models', 'renderer', 'package.json', 'package-lock.json', 'tsconfig.json']
  await Promise.all(names.map(name => cp(join(root, name), join(folder, name), { recursive: true })))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
}

/** `npm run dev`; `said` resolves with the first match in what it says from now on. */
function startDev(folder: string) {
  const child = spawn(
    process.execPath,
    ['build/dev/dev.mjs', '--workspace', join(folder, 'workspace'), '--port', '0'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = new Promise<number | null>(done => child.once('exit', done))
  const said = (pattern: RegExp) =>
    new Promise<string>((found, failed) => {
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const [match] = pattern.exec(output) ?? []
        if (match !== undefined) found(match)
      })
      void exited.then(code => failed(new Error(`npm run dev ended with ${code}: ${output}`)))
    })
  return {
    said,
    stop: () => {
      child.kill('SIGINT')
      return exited
    },
  }
}

async function change(file: string, pattern: RegExp, replacement: string): Promise<void> {
  const before = await readFile(file, 'utf8')
  expect(before).toMatch(pattern)
  await writeFile(file, before.replace(pattern, replacement))
}

it.skipIf(chromiumPath === null)('develops: a component is replaced in place, and the host starts again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lfvila-dev-'))
  await copySources(folder)
  const dev = startDev(folder)
  const browser = await chromium.launch({ executablePath: chromiumPath ?? undefined })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(patience)
    await page.goto(await dev.said(/http:\S+token=\S+/))
    await page.getByRole('link', { name: 'Search' }).click()
    const paragraph = page.getByRole('textbox').first()
    await paragraph.fill('A red square appears.')
    await page.evaluate(() => Object.assign(globalThis, { wasNeverLeft: true }))

    const searchPage = join(folder, 'renderer/features/search/SearchPage.vue')
    await change(searchPage, /<template>\s*<[^>]+>/, '$&<p>Replaced in place.</p>')
    await page.getByText('Replaced in place.').waitFor()
    expect(await paragraph.inputValue()).toBe('A red square appears.')

    const back = dev.said(/The host is back/)
    await change(join(folder, 'package.json'), /"version": "[^"]+"/, '"version": "9.8.7"')
    await change(join(folder, 'main/hosts/installation.ts'), /$/, '\n')
    await back
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('9.8.7').first().waitFor()
    expect(await page.evaluate(() => 'wasNeverLeft' in globalThis)).toBe(true)
  } finally {
    await browser.close()
    const code = await dev.stop()
    await rm(folder, { recursive: true, force: true })
    expect(code).toBe(0)
  }
})
