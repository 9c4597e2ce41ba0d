import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOfFile } from '../../support/folders.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

/** A video's entry, as ActivityNet Captions has it. */
interface Story {
  readonly sentences: string[]
}

describe.each(hosts.filter(host => host.missing === null))('comparing two models in $name', host => {
  const scratch = folderOfFile('compare')
  const [workspace, told] = [join(scratch, 'workspace'), join(scratch, 'told')]
  const complaints: string[] = []
  let product: Product
  let page: Page
  let evaluations: string[] = []
  let [run, name, paragraph] = ['', '', '']
  let best = 0
  const goTo = (address: string) => page.goto(`${page.url().split('#')[0]}#${address}`)
  const main = () => page.getByRole('main')
  async function beside(model: string): Promise<void> {
    await main().getByRole('combobox', { name: 'Compare with' }).click()
    await page.getByRole('option', { name: model, exact: true }).click()
  }

  beforeAll(async () => {
    await mkdir(workspace)
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    const drawn = ['--twins', 'all', '--scenes', '4-4', '--seconds', '2-2', '--size', '160x96', '--fps', '8']
    for (const split of ['train', 'val', 'test']) {
      await lfvila(workspace, 'demo', told, '--stories', '4', '--split', split, ...drawn)
    }
    const trained = await lfvila<{ run: string; model: string; best: { step: number } }>(
      workspace,
      ...['finetune', told, '--task', 'retrieval', '--model', 'starter', '--train', 'heads', '--name', 'taught'],
      ...['--epochs', '2', '--validate-every', '1', '--keep-checkpoints', '--batch', '4', '--lr', '0.01'],
      '--no-augment',
    )
    run = trained.run
    best = trained.best.step
    for (const model of ['starter', trained.model]) {
      const { evaluation } = await lfvila<{ evaluation: string }>(
        workspace,
        ...['evaluate', told, '--model', model, '--split', 'test', '--no-alignment'],
      )
      evaluations = [...evaluations, evaluation]
    }
    // The other model indexes in the window.
    await lfvila(workspace, 'index', join(told, 'test'), '--model', 'starter')
    const file = join(told, 'annotations', 'test.json')
    const [first = ['', { sentences: [] }]] = Object.entries(
      JSON.parse(await readFile(file, 'utf8')) as Record<string, Story>,
    )
    name = `${first[0].split('/').at(-1)}.mp4`
    paragraph = first[1].sentences.join(' ')
    product = await host.open(workspace)
    page = product.page
    await page.getByRole('heading', { name: 'Library', level: 1, exact: true }).waitFor()
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
  }, 900_000)
  afterAll(async () => {
    await product?.close()
  })

  it('shows who won which query of two evaluations, with intervals of the differences', async () => {
    await goTo(`/evaluate/${evaluations[0]}?with=${evaluations[1]}`)
    await main().getByRole('button', { name: 'Compare', exact: true }).click()
    const compared = main().getByTestId('comparison')
    await compared.getByText('4 queries and 4 videos that both have.').waitFor()
    await compared.getByRole('row', { name: /^R@1 .* to / }).waitFor()
    await compared.getByText(/2\.5 and 97\.5 of 5,000 bootstrap resamples of the 4 videos/).waitFor()
    const queries = compared.getByTestId('compared-queries').locator('tbody').getByRole('row')
    await expect.poll(() => queries.count()).toBe(4)
    await compared.getByRole('button', { name: 'Worst there', exact: true }).click()
    await expect.poll(() => page.url()).toContain('order=second')
    const list = main().getByRole('complementary', { name: 'Evaluations' })
    await list.getByRole('combobox', { name: 'Order' }).click()
    await page.getByRole('option', { name: 'Oldest first' }).click()
    await expect.poll(() => page.url()).toMatch(/view=compare.*sort=oldest/)
    await page.reload()
    // After the link to a new one.
    await expect.poll(() => list.getByRole('link').nth(1).getAttribute('href')).toContain(evaluations[0])
    await expect.poll(() => queries.count()).toBe(4)
    await queries.first().getByRole('link', { name: 'Search with this query' }).click()
    await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor()
    await main().getByTestId('search-result').first().waitFor()
  })

  it('finds the same with another model beside, which indexes where it has not yet', async () => {
    await goTo(`/search?q=${encodeURIComponent(paragraph)}`)
    await main().getByTestId('search-result').nth(3).waitFor()
    await beside('taught')
    const two = main().getByTestId('two-lists')
    await two.getByText('taught has indexed 0 of 4 videos.').waitFor()
    await two.getByRole('button', { name: 'Index the rest with taught' }).click()
    const column = (model: string) => two.getByRole('region', { name: model, exact: true }).getByTestId('beside-result')
    await expect.poll(() => column('taught').count()).toBe(4)
    expect(await column('starter').count()).toBe(4)
    await two.getByText('Of the first 4 results 4 are also among those of the other model.').waitFor()
    expect(await column('taught').first().innerText()).toMatch(/Rank \d with the other model/)
    await expect.poll(() => page.url()).toContain('with=taught')
    // A checkpoint of the run is no registered model, and searches its own index; that of the best step is ‘taught’.
    await main().getByRole('combobox', { name: 'Compare with' }).click()
    const checkpoints = page.getByRole('option', { name: /^taught, step / })
    const checkpoint = checkpoints.filter({ hasNotText: `step ${best}` }).first()
    const named = (await checkpoint.innerText()).trim()
    await checkpoint.click()
    await two.getByText(`${named} has indexed 0 of 4 videos.`).waitFor()
    await two.getByRole('button', { name: `Index the rest with ${named}` }).click()
    await expect.poll(() => column(named).count()).toBe(4)
  })

  it('says why a video is not the first', async () => {
    await goTo(`/search?q=${encodeURIComponent(paragraph)}`)
    const second = main().getByTestId('search-result').nth(1)
    await second.getByRole('button', { name: 'Why not this one?' }).click()
    const why = page.getByTestId('why-not')
    for (const subject of ['Change the text', 'Cut clips out']) {
      const search = why.getByRole('region', { name: subject, exact: true })
      await search.getByText(/tried\)|limit of/).waitFor()
      await search.getByRole('row', { name: /^As it is/ }).waitFor()
    }
    const rows = why.getByRole('region', { name: 'Change the text', exact: true }).locator('tbody').getByRole('row')
    expect(await rows.count()).toBeGreaterThan(1)
    await page.keyboard.press('Escape')
    await why.waitFor({ state: 'detached' })
  })

  it('lays alignment and attention of both models side by side, with their difference', async () => {
    await goTo(`/search?q=${encodeURIComponent(paragraph)}`)
    await main().getByTestId('search-result').filter({ hasText: name }).getByRole('link', { name: 'Alignment' }).click()
    await main().getByTestId('shown-model').waitFor()
    await beside('taught')
    const two = main().getByTestId('two-matrices')
    await two.getByRole('img', { name: 'taught less starter' }).waitFor()
    expect(await two.getByRole('img').count()).toBe(3)
    await two.getByText('Where they differ most').click()
    expect(await two.getByRole('row').count()).toBeGreaterThan(1)
    await two.getByRole('img', { name: 'taught less starter' }).hover()
    await two.getByText(/ → .*\([+−]/).waitFor()
    await main().getByRole('link', { name: 'Attention' }).click()
    await page.getByRole('heading', { name: 'Attention', level: 1 }).waitFor()
    await beside('taught')
    await two.getByRole('img', { name: /^taught, stage 4, block \d+: 32 rows, 32 columns/ }).waitFor()
    // The heads alone were trained.
    await two.getByText('No cell differs.').waitFor()
    await main().getByRole('button', { name: 'Close the comparison' }).click()
    await main().getByRole('region', { name: 'Frame × frame' }).waitFor()
  })

  it('follows a query over the checkpoints that a run kept', async () => {
    await goTo(`/fine-tune/${run}`)
    await main().getByRole('button', { name: 'Queries', exact: true }).click()
    const trace = main().getByTestId('query-trace')
    await trace.getByText(/^The weights of 3 steps are there/).waitFor()
    await trace.getByRole('combobox', { name: 'Query' }).click()
    await page.getByRole('option').first().click()
    await trace.getByRole('button', { name: 'Follow', exact: true }).click()
    await expect.poll(() => trace.locator('tbody').getByRole('row').count()).toBe(3)
    await trace.getByText(/with the weights of 3 of 3 steps\.$/).waitFor()
  })

  it('complained about nothing in its console', () => {
    expect(complaints).toEqual([])
  })
})
