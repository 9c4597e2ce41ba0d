import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOfFile } from '../../support/folders.ts'
import { once } from '../../support/once.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

interface MappedPoints {
  readonly method: string
  readonly map: { readonly path: string; readonly start: number; readonly score?: number }[]
}

/** More than the fewest that UMAP lays out. */
const stories = 14

describe.each(hosts.filter(host => host.missing === null))('the page Map in $name', host => {
  const scratch = folderOfFile('map')
  const workspace = join(scratch, 'workspace')
  let product: Product
  let page: Page
  const complaints: string[] = []
  /** A busy machine takes its time. */
  const poll = <Value>(ask: () => Promise<Value>) => expect.poll(ask)
  const map = () => page.getByTestId('map')
  const selected = () => page.getByTestId('map-selection')
  const count = (text: string) => poll(() => page.getByTestId('map-count').innerText()).toBe(text)
  const go = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()

  /** Drags over a part of the map, in shares of its width and height. */
  async function drag(path: readonly (readonly [number, number])[], key?: 'Shift'): Promise<void> {
    const { x, y, width, height } = (await map().boundingBox())!
    const [[left, top] = [0, 0], ...rest] = path
    if (key) await page.keyboard.down(key)
    await page.mouse.move(x + left * width, y + top * height)
    await page.mouse.down()
    for (const [toX, toY] of rest) await page.mouse.move(x + toX * width, y + toY * height, { steps: 4 })
    await page.mouse.up()
    if (key) await page.keyboard.up(key)
  }
  const all = [
    [0.08, 0.01],
    [0.99, 0.99],
  ] as const
  const numberIn = async () => Number(/\d+/.exec(await selected().innerText())?.[0])

  const opened = once(async () => {
    await go('Map')
    await map().waitFor()
    await count(`${stories} videos`)
    // It has been refined, and nothing is left to be said of it.
    await page.getByTestId('map-notice').waitFor({ state: 'detached' })
  })
  const fresh = async () => {
    await opened()
    await go('Library')
    await page.evaluate(() => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = '#/map'
    })
    await map().waitFor()
    await count(`${stories} videos`)
  }

  beforeAll(async () => {
    await mkdir(workspace)
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    const told = join(scratch, 'told')
    const drawn = ['--stories', String(stories), '--split', 'test', '--scenes', '2-2', '--seconds', '3-3']
    await lfvila(workspace, 'demo', told, ...drawn, '--twins', 'none', '--size', 'small', '--fps', '8')
    expect(await lfvila(workspace, 'index', told, '--dense')).toMatchObject({ videos: stories, failed: [] })
    product = await host.open(workspace)
    page = product.page
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
  }, 300_000)
  afterAll(async () => {
    await product?.close()
  })

  it('is computed when it is opened, and selects by a box what is then tagged and found in the library', async () => {
    await opened()
    await page.locator('[data-state=on]', { hasText: 'UMAP' }).waitFor()
    await drag(all, 'Shift')
    await selected().getByText(`${stories} videos selected`).waitFor()
    await page.keyboard.press('Escape')
    await selected().waitFor({ state: 'detached' })
    await drag([all[0], [0.5, 0.99]], 'Shift')
    const half = await numberIn()
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(stories)

    await page.getByTestId('inspector').getByRole('combobox', { name: 'Add a tag' }).fill('left half')
    await page.keyboard.press('Enter')
    await poll(() => lfvila(workspace, 'tag')).toEqual([{ tag: 'left half', videos: half }])
    await selected().getByRole('button', { name: 'Show in Library' }).click()
    await page.getByRole('heading', { name: 'Library', level: 1, exact: true }).waitFor()
    await page
      .getByTestId('inspector')
      .getByRole('heading', { name: half === 1 ? /\.mp4$/ : `${half} videos` })
      .waitFor()
    await page.getByRole('button', { name: /Show those .*left half/ }).click()
    await poll(() => page.getByTestId('video-count').innerText()).toBe(half === 1 ? '1 video' : `${half} videos`)
  })

  it('saves what a lasso selects as a view, which its tag makes', async () => {
    await fresh()
    await page.getByRole('button', { name: 'Lasso' }).click()
    await drag([
      [0.5, 0.01],
      [0.99, 0.01],
      [0.99, 0.99],
      [0.5, 0.99],
    ])
    const half = await numberIn()
    expect(half).toBeGreaterThan(0)
    await selected().getByRole('button', { name: 'Save as view…' }).click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('right half')
    await page.keyboard.press('Enter')
    await go('Library')
    const view = page.getByRole('button', { name: /^right half/ })
    await poll(() => view.innerText()).toContain(String(half))
  })

  it('shows where a text lies, again after a reload, and from the legend selects the best', async () => {
    await fresh()
    await page.getByRole('textbox', { name: 'Where on the map is…' }).fill('A red circle moves.')
    await page.keyboard.press('Enter')
    const legend = page.getByTestId('map-legend')
    await legend.getByText('cosine similarity').waitFor()
    await expect.poll(() => page.url()).toMatch(/[?&]q=/)
    await page.mouse.move(640, 420)
    await page.mouse.wheel(0, -300)
    await poll(async () => page.url()).toMatch(/[?&]at=-?[\d.]+/)
    await page.reload()
    await legend.getByText('cosine similarity').waitFor()
    await expect.poll(() => page.url()).toMatch(/[?&]at=/)
    const listed = await lfvila<MappedPoints>(workspace, 'map', '--text', 'A red circle moves.')
    expect(listed.method).toBe('umap')
    const scores = listed.map.map(({ score = NaN }) => score)
    // The ends of the colours are the second and the last but one in a hundred: of fourteen, the extremes.
    const [low, high] = [Math.min(...scores), Math.max(...scores)].map(score => Math.abs(score).toFixed(3))
    expect((await legend.innerText()).replaceAll('−', '')).toMatch(new RegExp(`${low}[^]*${high}`))
    await legend.getByRole('button', { name: 'Select the 20 best' }).click()
    await selected().getByText(`${stories} videos selected`).waitFor()
  })

  it('has a point for each clip, tells what is under the pointer and opens it there', async () => {
    await fresh()
    await page.getByLabel('Points are').getByText('Clips', { exact: true }).click()
    const { map: clips } = await lfvila<MappedPoints>(workspace, 'map', '--clips')
    expect(clips.length).toBeGreaterThan(stories)
    await count(`${clips.length} clips`)
    await page.getByTestId('map-notice').waitFor({ state: 'detached' })
    await drag([all[0], [0.5, 0.99]], 'Shift')
    await expect.poll(() => page.url()).toMatch(/[?&]points=/)
    const chosen = await selected().innerText()
    await page.reload()
    await poll(() => selected().innerText()).toBe(chosen)
    await page.keyboard.press('Escape')
    await selected().waitFor({ state: 'detached' })
    await expect.poll(() => page.url()).not.toMatch(/points=/)
    const picture = page.getByTestId('map-picture').first()
    await picture.waitFor()
    const { x, y, width, height } = (await picture.boundingBox())!
    await page.mouse.move(x + width / 2, y + height / 2)
    const hover = page.getByTestId('map-hover')
    await hover.getByText(/\d+:\d\d–\d+:\d\d/).waitFor()
    const name = await hover.getByRole('heading').innerText()
    await page.mouse.dblclick(x + width / 2, y + height / 2)
    await page.getByRole('heading', { name: 'Alignment', level: 1, exact: true }).waitFor()
    await expect.poll(() => page.url()).toMatch(/[?&]t=\d/)
    await page.getByText(name).first().waitFor()
  })

  it('complained of nothing', () => {
    expect(complaints).toEqual([])
  })
})
