import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importing, writeTinyModel } from '../../promises/support/tiny-model.ts'
import { folderOfFile } from '../../support/folders.ts'
import { writeNumberedVideo } from '../../support/videos/numbered-video.ts'
import { paint } from '../../unit/models/dual-encoder/paint.ts'
import { published } from '../../unit/models/hub-folder/published.ts'
import { writeTinyFolder } from '../../unit/models/hub-folder/tiny-folder.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

/** Of its frames, those of the middle are destroyed: what is sampled there is replaced. */
async function writeTornVideo(file: string): Promise<void> {
  await writeNumberedVideo({ file, frames: 300, encode: ['-c:v', 'libx264', '-g', '30', '-movflags', '+faststart'] })
  const bytes = await readFile(file)
  const data = bytes.indexOf('mdat') + 4
  const length = bytes.length - data
  await writeFile(file, bytes.fill(0xff, data + Math.floor(length * 0.4), data + Math.floor(length * 0.6)))
}

describe.each(hosts.filter(host => host.missing === null))('several models of one library in $name', host => {
  const scratch = folderOfFile('side-by-side')
  const workspace = join(scratch, 'workspace')
  const videos = join(scratch, 'videos')
  let product: Product
  let page: Page
  const go = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()
  const shown = () => page.getByTestId('shown-model').innerText()
  async function use(model: string): Promise<void> {
    await page.getByTestId('model-chip').click()
    await page.getByRole('menuitemradio', { name: new RegExp(`^${model}(?!-)`) }).click()
  }

  beforeAll(async () => {
    await mkdir(videos, { recursive: true })
    await mkdir(workspace)
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    await paint(join(videos, 'rose.mp4'), 'red', 'blue')
    await paint(join(videos, 'meadow.mp4'), 'lime', 'red')
    await writeTornVideo(join(videos, 'torn.mp4'))
    for (const [name, side] of [
      ['one', 32],
      ['other', 48],
    ] as const) {
      const folder = await writeTinyFolder(join(scratch, name), {
        ...published.siglip,
        vision: { outputs: ['last_hidden_state', 'pooler_output'], shape: ['free', 3, side, side] },
        preprocessor: { ...published.siglip.preprocessor, size: { height: side, width: side } },
      })
      await lfvila(workspace, 'model', 'import', folder)
      // The second is indexed in the window.
      if (name === 'one') await lfvila(workspace, 'index', videos, '--model', name)
    }
    const answering = await writeTinyModel(scratch, 'qa-multichoice')
    await lfvila(workspace, ...importing(answering, 'chooses'), '--kind', 'qa-multichoice')
    product = await host.open(workspace)
    page = product.page
  }, 600_000)
  afterAll(() => product?.close())

  it('are switched on every page, each of which says what it shows', async () => {
    await go('Library')
    await use('one')
    await expect.poll(shown).toBe('3 indexed with one')
    await use('other')
    await expect.poll(shown).toBe('0 indexed with other')
    // What is empty because nothing is indexed offers what fills it.
    await page.goto(`${page.url().split('#')[0]}#/library?state=indexed`)
    const main = page.getByRole('main')
    const indexAll = main.getByRole('button', { name: 'Index the library' })
    await main.getByText('No video is indexed with the model in use').waitFor()
    await indexAll.waitFor()
    await go('Search')
    await main.getByText('No video is indexed with the model in use').waitFor()
    await indexAll.click()
    await go('Library')
    await expect.poll(shown).toBe('3 indexed with other')
    await page.goto(`${page.url().split('#')[0]}#/library`)
    await expect.poll(() => main.getByRole('gridcell').count()).toBe(3)
    // Nothing is computed anew: both are there side by side, and the menu says so.
    await page.getByTestId('model-chip').click()
    for (const [model, count] of [
      ['one', 3],
      ['other', 3],
      ['starter', 0],
    ] as const) {
      const item = page.getByRole('menuitemradio', { name: new RegExp(`^${model}(?!-)`) })
      await item.getByText(`${count} of 3 videos indexed`).waitFor()
    }
    await page.keyboard.press('Escape')
    await use('one')
    await expect.poll(shown).toBe('3 indexed with one')

    await go('Search')
    await page.locator('main textarea').first().fill('a GREEN meadow')
    await page.keyboard.press('Control+Enter')
    const searched = (model: string) => page.getByText(new RegExp(`^3 of 3 videos searched .* with ${model}$`))
    await searched('one').waitFor()
    await use('other')
    await searched('other').waitFor()

    await page.getByRole('link', { name: 'Alignment' }).last().click()
    // With the paragraph that was searched for.
    await expect.poll(shown).toBe('with other')
    await use('one')
    await expect.poll(shown).toBe('with one')
  })

  it('say where frames of a video were replaced, and only there', async () => {
    await go('Library')
    for (const model of ['one', 'other']) {
      await use(model)
      await expect.poll(shown).toBe(`3 indexed with ${model}`)
      const badge = (name: string) =>
        page.getByRole('gridcell', { name, exact: true }).getByText(/could not be decoded and are replaced/)
      await badge('torn.mp4').waitFor({ state: 'attached' })
      expect(await badge('rose.mp4').count()).toBe(0)
    }
    await page.getByRole('gridcell', { name: 'torn.mp4', exact: true }).getByText('damaged').hover()
    await page
      .getByRole('tooltip')
      .getByText(/\d+ of \d+ frames of .*torn\.mp4 could not be decoded/)
      .waitFor()
  })

  it('of which one without temporal windows says so on Attention, and another shows them', async () => {
    await page.getByRole('link', { name: 'Attention' }).last().click()
    await page
      .getByRole('alert')
      .getByText(/temporal windows|attention/i)
      .first()
      .waitFor()
    await use('starter')
    await expect.poll(shown).toBe('with starter')
    expect(
      await page
        .getByRole('alert')
        .getByText(/temporal windows/i)
        .count(),
    ).toBe(0)
  })

  it('of which one that answers is asked a question, and a reload asks the same', async () => {
    await go('Questions')
    await page.getByRole('heading', { name: 'Questions', level: 1 }).waitFor()
    await page
      .getByRole('link', { name: /rose\.mp4/ })
      .or(page.getByPlaceholder('rose.mp4'))
      .first()
      .click()
    const ask = page.getByRole('button', { name: 'Ask', exact: true })
    const question = page.getByLabel('Question', { exact: true })
    await question.fill('which colour is it ?')
    // Enter in a field starts nothing, and one answer is no choice.
    await question.press('Enter')
    const answers = page.getByLabel('Answers to choose from')
    await answers.fill('red')
    expect(await ask.isDisabled()).toBe(true)
    await answers.fill('red\nblue\n')
    await ask.click()
    const found = page.getByRole('list', { name: 'Answers' }).getByRole('listitem')
    await expect.poll(() => found.count()).toBe(2)
    const shares = (await found.locator('.share').allInnerTexts()).map(Number.parseFloat)
    expect(shares[0]! + shares[1]!).toBeCloseTo(100, 0)
    expect(shares[0]).toBeGreaterThanOrEqual(shares[1]!)
    // The tiny model sees four frames: four parts are hidden, one after the other.
    const parts = page.getByRole('button', { name: /hidden: [\d.]+ ?% instead of/ })
    await expect.poll(() => parts.count()).toBe(4)
    expect(await page.getByRole('listitem', { name: /^0:\d\d\.\d: / }).count()).toBe(4)
    await expect.poll(() => page.url()).toContain('q=which')
    await page.reload()
    await expect.poll(() => question.inputValue()).toBe('which colour is it ?')
    expect(await answers.inputValue()).toBe('red\nblue')
  })
})
