import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowTask } from '../../../main/api/training/datasets.ts'
import { dataset } from '../../../renderer/features/dataset/words.ts'
import { colourVideos, writeColourVideos } from '../../promises/support/colour-videos.ts'
import { formatPromises } from '../../promises/support/formats/formats.ts'
import { usualRows, writeFormat } from '../../promises/support/formats/promise.ts'
import type { FormatPromise } from '../../promises/support/formats/promise.ts'
import { importing, writeTinyModel } from '../../promises/support/tiny-model.ts'
import { folderOfFile } from '../../support/folders.ts'
import { firstOfEach, sample } from '../../support/sample.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

const words = dataset.dataset
/** One whose rows are questions, and one that asks before it reads. */
const tried = sample(
  firstOfEach(formatPromises, ({ task, asks }) => `${task} ${asks?.label}`),
  2,
)
/** Rows that a report shows. */
const shownRows = 20

describe.each(hosts.filter(host => host.missing === null))('data as it was published, in $name', host => {
  const scratch = folderOfFile('formats')
  const [workspace, videos] = [join(scratch, 'workspace'), join(scratch, 'videos')]
  let product: Product
  let page: Page
  const complaints: string[] = []
  const setup = () => page.getByRole('form', { name: 'New run' })
  const asking = () => page.getByRole('form', { name: 'New evaluation' })
  const evaluation = () => page.getByTestId('evaluation')

  async function openPage(name: string, list: string): Promise<void> {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { name, level: 1, exact: true }).waitFor()
    await page.getByRole('complementary', { name: list }).getByRole('link', { name: 'New', exact: true }).click()
  }

  /** Types where the rows and the videos are, and answers what is asked. */
  async function giveFolder(form: Locator, folder: string, { asks, packed }: FormatPromise): Promise<void> {
    await form.getByLabel('Labelled folder').fill(folder)
    await form.getByLabel('Labelled folder').press('Enter')
    const field = form.getByLabel('Folder of the videos')
    if (!(await field.isVisible())) await form.getByText('The videos are somewhere else').click()
    await field.fill(packed === true ? '' : videos)
    await field.press('Enter')
    if (asks === undefined) return
    await form.getByTestId('dataset-report').getByText(asks.question).waitFor()
    await form.getByLabel(asks.label).fill(asks.answer)
  }

  async function isReported(
    form: Locator,
    { format, rows = usualRows }: FormatPromise,
    { folder, task }: { readonly folder: string; readonly task: RowTask },
  ): Promise<void> {
    // From a run's page the folder comes with the address.
    await expect.poll(() => form.getByLabel('Labelled folder').inputValue()).toBe(folder)
    const report = form.getByTestId('dataset-report')
    await report.getByText('Every row can be used. Every video was opened.').waitFor()
    await expect.poll(() => form.getByRole('combobox', { name: 'Task' }).innerText()).toBe(words.task[task])
    expect(await form.getByRole('combobox', { name: 'Format' }).innerText()).toBe(words.format[format])
    expect((await report.locator('dd').allInnerTexts()).slice(0, 3)).toEqual(rows.map(String))
    const shown = Math.min(shownRows, rows[0] + rows[1] + rows[2])
    await report.getByText(`The first ${shown} rows as the model gets them`).click()
    expect(await report.getByRole('region', { name: 'Example rows' }).getByRole('row').count()).toBe(1 + shown)
  }

  /** Trains one epoch on what was reported, and goes on to its evaluation. */
  async function train(): Promise<void> {
    await setup().getByRole('combobox', { name: 'Start from' }).click()
    await page.getByRole('option', { name: /^tiny / }).click()
    await setup().getByRole('button', { name: 'heads only' }).click()
    await setup().getByLabel('Epochs', { exact: true }).fill('1')
    await setup().getByLabel('Batch size').fill('6')
    await setup().getByLabel('Warm-up').fill('0')
    await setup().getByRole('checkbox', { name: 'Random crop and flip of training frames' }).uncheck()
    await setup().getByRole('button', { name: 'Start', exact: true }).click()
    const run = page.getByTestId('run-detail')
    await run.getByText('finished', { exact: true }).waitFor()
    expect(await run.innerText()).toContain('(1 epoch)')
    await run.getByRole('link', { name: 'Evaluate', exact: true }).click()
    await page.getByRole('heading', { name: 'Evaluate', level: 1, exact: true }).waitFor()
  }

  /** Evaluates on what was reported. @returns the last cell of each row of metrics: how many examples it is of. */
  async function evaluated(): Promise<string[]> {
    await asking().getByRole('button', { name: 'Evaluate', exact: true }).click()
    await evaluation().getByText('finished', { exact: true }).waitFor()
    const rows = evaluation().getByTestId('figures').first().locator('tbody tr')
    await rows.first().waitFor()
    expect(await evaluation().getByTestId('protocol').innerText()).toMatch(/No published protocol$/)
    return (await rows.allInnerTexts()).map(row => row.split(/\s+/).at(-1) ?? '')
  }

  beforeAll(async () => {
    await mkdir(workspace)
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    await writeColourVideos(videos, colourVideos)
    await lfvila(workspace, ...importing(await writeTinyModel(scratch), 'tiny'))
    product = await host.open(workspace)
    page = product.page
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
  })
  afterAll(async () => {
    await product?.close()
  })

  it.each(tried)('$data is reported on, trained on and evaluated', async promise => {
    const { data, task, counts, moments, packed, rows = usualRows } = promise
    const folder = join(scratch, data)
    await writeFormat(folder, promise, videos)
    if (rows[0] > 0) {
      await openPage('Fine-tune', 'Runs')
      await giveFolder(setup(), folder, promise)
      await isReported(setup(), promise, { folder, task })
      await train()
    } else {
      await openPage('Evaluate', 'Evaluations')
      await giveFolder(asking(), folder, promise)
    }
    await isReported(asking(), promise, { folder, task })
    expect((await evaluated()).slice(0, counts.length)).toEqual(counts.map(String))
    const inLibrary = evaluation().getByRole('button', { name: 'Open the folder in the library' })
    if (packed === true) await evaluation().getByText('which does not list those in archives').waitFor()
    expect(await inLibrary.count()).toBe(packed === true ? 0 : 1)
    if (moments === undefined) return
    // What nothing was trained on is taken for what it was published for.
    const benchmark = `${folder} benchmark`
    await writeFormat(benchmark, promise, videos)
    await openPage('Evaluate', 'Evaluations')
    await giveFolder(asking(), benchmark, promise)
    await isReported(asking(), promise, { folder: benchmark, task: 'moments' })
    expect((await evaluated()).at(-1)).toBe(String(moments))
  })

  it('complained about nothing in its console', () => {
    expect(complaints).toEqual([])
  })
})
