import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../../../build/test-tools.mjs'
import { folderOfFile } from '../../support/folders.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { lfvila, patience, startServer } from '../support/product.ts'

const title = 'A card <script>document.title = "taken over"</script>'
const chromiumPath = findChromium()

describe.skipIf(!chromiumPath)('a report', () => {
  const scratch = folderOfFile('report')
  const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'videos')]
  const path = join(workspace, 'exports', 'card.html')
  let browser: Browser
  let stop: () => Promise<unknown>
  let page: Page

  beforeAll(async () => {
    await mkdir(workspace, { recursive: true })
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    const codec = ['-c:v', 'libx264', '-g', '20', '-pix_fmt', 'yuv420p']
    await drawVideo(join(folder, 'card.mp4'), 'testsrc2=size=160x96:rate=20:duration=12', codec)
    await writeFile(join(folder, 'card.txt'), 'A test card with moving bars.\nA counter runs in the middle.\n')
    await lfvila(workspace, 'index', folder, '--dense')
    const server = await startServer(workspace)
    ;({ stop } = server)
    browser = await chromium.launch({ executablePath: chromiumPath ?? undefined })
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
    page.setDefaultTimeout(patience)
    await page.goto(server.url)
  }, 300_000)
  afterAll(async () => {
    await browser.close()
    await stop()
  })

  it('is written from Alignment as one small file', async () => {
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.evaluate(() => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = '#/alignment/1'
    })
    await page.getByTestId('alignment-matrix').waitFor()
    await page.getByRole('button', { name: 'Report…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Title').fill(title)
    await dialog.getByLabel('File', { exact: true }).fill(path)
    await dialog.getByRole('button', { name: 'Write report' }).click()
    await page.getByTestId('report-done').waitFor()
    expect((await stat(path)).size).toBeLessThan(20_000_000)
  })

  it('opens from the disk without a network, shows the matrix, and plays the clip of a cell', async () => {
    const alone = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true })
    const report = await alone.newPage()
    report.setDefaultTimeout(patience)
    const complaints: string[] = []
    const asked: string[] = []
    report.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    report.on('pageerror', error => complaints.push(error.message))
    report.on('request', request => asked.push(request.url()))
    const address = pathToFileURL(path).href
    await report.goto(address)
    expect(await report.getByRole('heading', { level: 1 }).textContent()).toBe(title)
    expect(await report.title()).toBe(title)
    const cells = report.locator('#matrix td button')
    const rows = await report.locator('#matrix tbody tr').count()
    expect(await cells.count()).toBe(2 * rows)

    // What a browser's page knows is told without its types, which a test does not have.
    const time = () =>
      report.locator('video').evaluate(film => (film as unknown as { currentTime: number }).currentTime)
    const last = cells.last()
    await last.click()
    const start = await last.evaluate(cell => {
      const { textContent } = (
        cell as unknown as { closest(of: string): { querySelector(of: string): { textContent: string } } }
      )
        .closest('tr')
        .querySelector('th')
      const [minutes = 0, seconds = 0] = textContent.split(':').map(Number)
      return 60 * minutes + seconds
    })
    expect(start).toBeGreaterThan(0)
    await expect.poll(time).toBeGreaterThan(start)
    await report.locator('#matrix tr.now').waitFor()
    await report.locator('#said', { hasText: 'A counter runs in the middle.' }).waitFor()
    // The pointer alone plays as well.
    await cells.first().hover()
    await expect.poll(time).toBeLessThan(start)

    await report.locator('#windows .span').first().waitFor()
    await report.locator('#results').getByText('this video').waitFor()
    await report.locator('#frame').fill('3')
    await report.locator('#frame-said', { hasText: '4 ·' }).waitFor()
    expect(await report.locator('#stage-0 rect').count()).toBeGreaterThan(2)
    expect(asked.filter(url => url !== address && !/^(data|blob):/.test(url))).toEqual([])
    expect(complaints).toEqual([])
    await alone.close()
  })
})
