import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../../build/test-tools.mjs'
import { EveryPage, pageNames } from './support/every-page.ts'
import { patience, startServer } from './support/product.ts'

// `npm run look -- FOLDER`: pictures of every page in every theme, language and size, to be looked at.
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 900, height: 800 },
] as const
const folder = resolve(process.argv[2] ?? 'look')
const scratch = await mkdtemp(join(tmpdir(), 'lfvila-look-'))
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined })
try {
  await mkdir(folder, { recursive: true })
  const workspace = join(scratch, 'workspace')
  const window = new EveryPage(workspace, join(scratch, 'stories'))
  await window.draw()
  for (const theme of ['dark', 'light', 'contrast']) {
    for (const language of ['en', 'zh']) {
      await window.choose({ theme, language })
      const server = await startServer(workspace)
      try {
        const page = await (await browser.newContext({ viewport: sizes[0] })).newPage()
        page.setDefaultTimeout(patience)
        await page.goto(server.url)
        for (const name of pageNames) {
          await window.show(page, name)
          for (const size of theme === 'dark' || language === 'en' ? sizes : sizes.slice(0, 1)) {
            await page.setViewportSize(size)
            await page.screenshot({ path: join(folder, `${name} ${theme} ${language} ${size.width}.png`) })
          }
          await page.setViewportSize(sizes[0])
        }
        await page.close()
      } finally {
        await server.stop()
      }
      process.stderr.write(`${theme}, ${language}\n`)
    }
  }
  process.stdout.write(`${folder}\n`)
} finally {
  await browser.close()
  await rm(scratch, { recursive: true, force: true })
}
