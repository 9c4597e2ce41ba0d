import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOfFile } from '../support/folders.ts'
import { once } from '../support/once.ts'
import { libraryWorkspace } from './support/library-workspace.ts'
import { answerTime, countLoadingPictures, median, pageChange } from './support/page-measures.ts'
import { hosts, lfvila } from './support/product.ts'
import type { Product } from './support/product.ts'
import { makeVideos, paragraph } from './support/videos.ts'
import { windowCommands } from './support/window-commands.ts'

for (const host of hosts) {
  console.log(`End to end in ${host.name}: ${host.missing === null ? 'runs' : `not run, ${host.missing}`}`)
}

/** What the command line says of the same video in the same workspace. */
interface Alignment {
  clips: { start: number; end: number }[]
  sentences: string[]
  similarity: number[][]
}

describe.each(hosts.filter(host => host.missing === null))('in $name', host => {
  const scratch = folderOfFile('e2e')
  let folder: string
  let videos: string[]
  let product: Product
  let page: Page
  const complaints: string[] = []

  const go = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()
  const heading = (name: string) => page.getByRole('heading', { name, level: 1, exact: true })

  /** Waits until the status bar says that nothing runs any more. */
  const idle = () => page.getByText('No jobs running').waitFor()

  const opened = once(async () => {
    const native = await product.answerFolderDialog(folder)
    await page.getByRole('button', { name: 'Open folder' }).first().click()
    if (!native) {
      const field = page.getByLabel('Folder path')
      // The dialog begins at the home folder.
      await expect.poll(() => field.inputValue()).not.toBe('')
      await field.fill(folder)
      await page.getByRole('button', { name: 'Open this folder' }).click()
    }
    await expect.poll(() => page.getByTestId('video-count').innerText()).toBe(`${videos.length} videos`)
  })
  const indexed = once(async () => {
    await opened()
    await idle()
  })
  const library = async () => {
    await indexed()
    await go('Library')
    await page.getByRole('gridcell').first().waitFor()
  }
  const searched = async () => {
    await indexed()
    await go('Search')
    await page.getByRole('textbox', { name: 'Paragraph' }).fill(paragraph)
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await page.getByTestId('search-result').first().waitFor()
  }
  /** The path of the first result, whose alignment is shown from then on. */
  const aligned = once(async () => {
    await searched()
    const first = page.getByTestId('search-result').first()
    const path = (await first.getByRole('link').first().getAttribute('title')) ?? ''
    await first.getByRole('link', { name: 'Alignment' }).click()
    await heading('Alignment').waitFor()
    await page.getByTestId('alignment-matrix').waitFor()
    return path
  })

  beforeAll(async () => {
    folder = join(scratch, 'opened')
    videos = await makeVideos(folder, 16)
    // More than a browser has connections. What is known by its content is not computed again.
    for (const copy of [1, 2, 3, 4, 5]) {
      const path = join(folder, `Fractal ${copy}.webm`)
      await copyFile(videos.at(-1) ?? '', path)
      videos.push(path)
    }
    // A workspace that is not new gets no demo library, which would be drawn and indexed beside the tests.
    await lfvila(join(scratch, 'workspace'), 'model', 'list')
    product = await host.open(join(scratch, 'workspace'))
    page = product.page
    await countLoadingPictures(page)
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      // The picture of a video that was found but not read yet does not exist.
      const early = message.location().url.includes('/thumbnail/') && message.text().includes('404')
      if (['error', 'warning'].includes(message.type()) && !early) {
        complaints.push(`${message.text()} ${message.location().url}`)
      }
    })
  })
  afterAll(async () => {
    await product?.close()
  })

  it('opens a folder, and answers while it is indexed', async () => {
    await opened()
    const changes: number[] = []
    const answers: number[] = []
    for (let turn = 0; turn < 20; turn++) {
      const [change, answer] = [await pageChange(page, turn % 2 === 0 ? 'Search' : 'Library'), await answerTime(page)]
      // On a fast machine the job may be over before all turns are: what comes later tells nothing.
      if ((await page.getByText('No jobs running').count()) > 0) break
      changes.push(change)
      answers.push(answer)
    }
    // A window that waits for the job has changed its page when the job is over, and not before.
    expect(changes.length, 'the job was over before anything was measured').toBeGreaterThan(0)
    const describeTimes = (times: number[]) =>
      `median ${median(times).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`
    console.log(
      `While indexing, in ${host.name}: a page change takes ${describeTimes(changes)}; an answer of the main process ${describeTimes(answers)} (goal: 100 ms).`,
    )
  })

  it('has indexed every video, and shows a picture of each', async () => {
    await library()
    expect(await lfvila(join(scratch, 'workspace'), 'index', folder, '--dense')).toMatchObject({
      videos: videos.length,
      indexed: 0,
      skipped: videos.length,
      failed: [],
    })
    const pictures = () =>
      page
        .getByTestId('video-grid')
        .locator('img')
        .evaluateAll(images => images.map(image => (image as unknown as { naturalWidth: number }).naturalWidth))
    await expect
      .poll(async () => (await pictures()).filter(width => width > 0).length)
      .toBeGreaterThanOrEqual(videos.length)
  })

  it('has a sign of its own where a picture is late or cannot be had, never a torn one', async () => {
    await indexed()
    await library()
    // A picture that a page has shown is not asked for again.
    const other = await page.context().newPage()
    try {
      const grid = other.getByTestId('video-grid')
      const torn = () =>
        grid
          .locator('img:visible')
          .evaluateAll(
            images => images.filter(image => (image as unknown as { naturalWidth: number }).naturalWidth === 0).length,
          )
      let release = () => {}
      const held = new Promise<void>(resolve => {
        release = resolve
      })
      await other.route('**/thumbnail/**', async route => {
        await held
        await route.fulfill({ status: 404 })
      })
      await other.goto(page.url())
      await expect.poll(() => grid.locator('svg.lucide-image').count()).toBeGreaterThan(0)
      expect(await torn()).toBe(0)
      release()
      await expect.poll(() => grid.locator('svg.lucide-image-off').count()).toBeGreaterThan(0)
      expect(await torn()).toBe(0)
    } finally {
      await other.close()
    }
  })

  it('says that nothing matches a filter, and why the list is empty in no other words', async () => {
    await library()
    await page.getByRole('searchbox', { name: 'Filter by name or caption' }).fill('no video has this name')
    await page.getByRole('heading', { name: 'No video matches' }).waitFor()
    await page.getByRole('button', { name: 'Show all videos' }).click()
    await page.getByRole('gridcell').first().waitFor()
  })

  it('searches with a paragraph', async () => {
    await searched()
    expect(await page.getByTestId('search-result').count()).toBeGreaterThanOrEqual(videos.length)
    expect(await page.getByTestId('search-exact').innerText()).toBe('exact')
    // Bars on the scale that is stated: their lengths compare as the scores do.
    expect(await page.getByTestId('score-scale').innerText()).toMatch(
      /^bars: cosine similarity from −?\d\.\d\d to \d\.\d\d$/,
    )
    const shown = await page.getByTestId('search-result').evaluateAll(rows =>
      rows.map(row => {
        const { querySelector } = row as unknown as {
          querySelector(selector: string): { textContent: string; style: { width: string } }
        }
        return {
          score: Number(querySelector.call(row, '.figure').textContent.replace('−', '-')),
          width: Number.parseFloat(querySelector.call(row, '.fill').style.width),
        }
      }),
    )
    const longest = Math.max(...shown.map(({ width }) => width))
    const largest = Math.max(...shown.map(({ score }) => Math.abs(score)))
    // Scores are written with three digits.
    for (const { score, width } of shown) {
      expect(Math.abs(width / longest - Math.abs(score) / largest)).toBeLessThan(0.001 / largest)
    }
    // Whoever reads the scores learns what the model was trained on.
    await page
      .getByText(/trained on drawn stories/)
      .first()
      .waitFor()
  })

  it('aligns the first result, and a click on a cell plays that clip', async () => {
    const path = await aligned()
    const matrix = page.getByTestId('alignment-matrix')
    // What the model was trained on is spoken of in one place, whole.
    expect(await page.getByText(/trained on drawn stories/).count()).toBe(1)
    expect(
      await page
        .getByText(/trained on drawn stories/)
        .evaluate(
          text => (text as unknown as { scrollWidth: number; clientWidth: number }).scrollWidth <= text.clientWidth,
        ),
    ).toBe(true)
    const expected = await lfvila<Alignment>(join(scratch, 'workspace'), 'align', path, '--text', paragraph)
    const number = async (name: string) => Number(await matrix.getAttribute(`data-${name}`))
    expect(await number('rows')).toBe(expected.clips.length)
    expect(await number('columns')).toBe(expected.sentences.length)

    const [row, column] = [Math.min(2, expected.clips.length - 1), 1]
    const position = {
      x: (await number('left')) + (column + 0.5) * (await number('cell-width')),
      y: (await number('top')) + (row + 0.5) * (await number('cell-height')),
    }
    await matrix.click({ position })
    const start = expected.clips[row]?.start ?? -1
    const playing = () =>
      page.getByTestId('player').evaluate(player => (player as unknown as { currentTime: number }).currentTime)
    // A player seeks to the nearest frame; one of 10 frames per second is 0.1 s long.
    await expect.poll(async () => Math.abs((await playing()) - start)).toBeLessThan(0.15)
  })

  it('moves over the matrix with the keyboard', async () => {
    await aligned()
    const matrix = page.getByTestId('alignment-matrix')
    await matrix.focus()
    const spoken = () => page.locator('#alignment-cell').innerText()
    await page.keyboard.press('ArrowRight')
    const before = await spoken()
    await page.keyboard.press('ArrowDown')
    await expect.poll(spoken).not.toBe(before)
    await page.keyboard.press('ArrowUp')
    await expect.poll(spoken).toBe(before)
    // A sent link chooses the same cell; the address follows what is chosen.
    const [, clip, sentence] = /^Clip (\d+).*?sentence (\d+)/.exec(before) ?? []
    await expect.poll(() => page.url()).toContain(`cell=${clip}.${sentence}`)
    await page.reload()
    await expect.poll(spoken).toBe(before)
  })

  it('shows the attention of every stage over the frames', async () => {
    await aligned()
    await go('Attention')
    await heading('Attention').waitFor()
    await expect.poll(() => page.getByTestId('attention-map').count()).toBeGreaterThan(0)
    // The choice of heads says how many the stage at hand has.
    const stages = page.getByRole('radiogroup', { name: 'Stage' }).getByRole('radio')
    for (const index of [0, (await stages.count()) - 1]) {
      await stages.nth(index).click()
      const heads = /(\d+) heads/.exec((await stages.nth(index).getAttribute('aria-label')) ?? '')?.[1]
      await expect.poll(() => page.getByRole('combobox', { name: 'Head' }).innerText()).toBe(`mean of ${heads} heads`)
    }
  })

  it('shows the heads of all stages, and how far frames have come by the end of each', async () => {
    await aligned()
    await go('Attention')
    await page.getByTestId('attention-map').first().waitFor()
    await page.getByText('all stages', { exact: true }).click()
    const heads = page.getByRole('button', { name: /^Stage \d+, head \d+$/ })
    await expect.poll(() => heads.count()).toBeGreaterThan(6)
    await page.getByRole('button', { name: 'Stage 2, head 1', exact: true }).click()
    await expect.poll(() => page.url()).toMatch(/stage=2.*head=1|head=1.*stage=2/)
    await page.getByText('rollout', { exact: true }).click()
    const far = async () => Number.parseFloat(await page.getByText(/frames away on average$/).innerText())
    const stages = page.getByRole('radiogroup', { name: 'Stage' }).getByRole('radio')
    await stages.first().click()
    await expect.poll(far).toBeLessThan(1)
    await stages.last().click()
    await expect.poll(far).toBeGreaterThan(3)
    await page.getByText(/^frame \d+ · /).click()
  })

  it('shows two heads side by side, and where every head looks from one patch', async () => {
    await aligned()
    await go('Attention')
    const maps = page.getByTestId('attention-map')
    await maps.first().waitFor()
    await page.getByRole('combobox', { name: 'Beside it' }).click()
    await page.getByRole('option', { name: 'head 2', exact: true }).click()
    await expect.poll(() => maps.count()).toBe(2)
    await expect.poll(() => page.url()).toContain('beside=2')
    await page.getByRole('button', { name: 'patch', exact: true }).click()
    await page.getByTestId('patch-grid').click()
    await page.getByRole('button', { name: 'all heads on this frame' }).click()
    const heads = page.getByRole('button', { name: /^Head \d+: [\d.]+ % of its attention lies on this frame$/ })
    await expect.poll(() => heads.count()).toBeGreaterThan(1)
    await heads.first().click()
    await expect.poll(() => page.url()).toContain('head=1')
    await page.getByRole('button', { name: 'frames of the window' }).click()
    await page.getByText(/^frame \d+ · /).click()
  })

  it('shows the same after a reload: what is looked at is in the address', async () => {
    await aligned()
    await go('Attention')
    await page.getByTestId('attention-map').first().waitFor()
    const stages = page.getByRole('radiogroup', { name: 'Stage' }).getByRole('radio')
    await stages.nth(1).click()
    await expect.poll(() => page.url()).toContain('stage=2')
    await page.reload()
    await expect.poll(() => stages.nth(1).getAttribute('aria-checked')).toBe('true')
    await page.getByRole('button', { name: 'One segment', exact: true }).click()
    await page.getByText(/· 1 of \d+$/).waitFor()
    await expect.poll(() => page.url()).toContain('at=0')
    await page.reload()
    await page.getByText(/· 1 of \d+$/).waitFor()
    await page.getByRole('button', { name: 'Whole video', exact: true }).click()
    await expect.poll(() => page.url()).not.toContain('at=')

    await go('Library')
    const filter = page.getByRole('searchbox', { name: 'Filter by name or caption' })
    await filter.fill('no such video')
    await expect.poll(() => page.url()).toContain('text=no+such+video')
    await page.reload()
    await expect.poll(() => filter.inputValue()).toBe('no such video')
    await page.getByRole('button', { name: 'Show all videos' }).click()
    await expect.poll(() => page.url()).not.toContain('text=')
    expect(await filter.inputValue()).toBe('')
  })

  it('is reached and used with the keyboard alone', async () => {
    await indexed()
    await go('Library')
    await heading('Library').waitFor()
    await page.keyboard.press('Tab')
    const skip = page.getByRole('link', { name: 'Skip to content' })
    const link = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Search', exact: true })
    for (
      let presses = 0;
      presses < 40 && !(await link.evaluate(element => element === element.ownerDocument.activeElement));
      presses++
    ) {
      await page.keyboard.press('Tab')
    }
    expect(await skip.count()).toBe(1)
    await page.keyboard.press('Enter')
    await heading('Search').waitFor()
  })

  windowCommands({ page: () => page, videos: () => videos, library, aligned })

  libraryWorkspace({
    workspace: join(scratch, 'workspace'),
    page: () => page,
    videos: () => videos,
    library,
  })

  it('leaves connections free while pictures are being made: of six that a browser opens', async () => {
    await library()
    const most = await page.evaluate(() =>
      Number((globalThis as unknown as { sessionStorage: { mostLoading?: string } }).sessionStorage.mostLoading),
    )
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(6)
  })

  it('complained about nothing in its console', () => {
    expect(complaints).toEqual([])
  })
})
