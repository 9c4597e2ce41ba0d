import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Download, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOfFile } from '../../support/folders.ts'
import { once } from '../../support/once.ts'
import { thorough } from '../../support/sample.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

/** A video's entry, as ActivityNet Captions has it. */
interface Story {
  readonly duration: number
  readonly timestamps: [number, number][]
  readonly sentences: string[]
}

describe.each(hosts.filter(host => host.missing === null))('the page Evaluate in $name', host => {
  const scratch = folderOfFile('evaluate')
  const [workspace, told, originals, moments] = ['workspace', 'told', 'originals', 'moments'].map(name =>
    join(scratch, name),
  ) as [string, string, string, string]
  const predictions = join(scratch, 'predicted.jsonl')
  let product: Product
  let page: Page
  const complaints: string[] = []
  const form = () => page.getByRole('form', { name: 'New evaluation' })
  const report = () => form().getByTestId('dataset-report')
  const evaluation = () => page.getByTestId('evaluation')
  const figures = (name: string | RegExp) => evaluation().getByRole('region', { name, exact: true })

  async function openPage(): Promise<void> {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Evaluate', exact: true }).click()
    await page.getByRole('heading', { name: 'Evaluate', level: 1, exact: true }).waitFor()
    await page
      .getByRole('complementary', { name: 'Evaluations' })
      .getByRole('link', { name: 'New', exact: true })
      .click()
  }
  async function openFolder(folder: string, videos = ''): Promise<void> {
    await openPage()
    await form().getByLabel('Labelled folder').fill(folder)
    await form().getByLabel('Labelled folder').press('Enter')
    if (videos === '') return
    await form().getByText('The videos are somewhere else').click()
    await form().getByLabel('Folder of the videos').fill(videos)
    await form().getByLabel('Folder of the videos').press('Enter')
  }
  async function saved(button: string): Promise<string> {
    const [download] = await Promise.all([
      page.waitForEvent('download') as Promise<Download>,
      page.getByRole('button', { name: button, exact: true }).click(),
    ])
    return readFile(await download.path(), 'utf8')
  }
  async function finished(): Promise<void> {
    await form().getByRole('button', { name: 'Evaluate', exact: true }).click()
    await evaluation().getByText('finished', { exact: true }).waitFor()
  }

  beforeAll(async () => {
    await mkdir(workspace)
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    const drawn = ['--stories', '4', '--split', 'test', '--twins', 'all', '--scenes', '4-4', '--seconds', '2-2']
    await lfvila(workspace, 'demo', told, ...drawn, '--size', '160x96', '--fps', '8')
    await mkdir(originals)
    await mkdir(moments)
    const names = (await readdir(join(told, 'test'))).filter(name => name.endsWith('.mp4'))
    for (const name of names) await copyFile(join(told, 'test', name), join(originals, name))
    const file = join(told, 'annotations', 'test.json')
    const stories = JSON.parse(await readFile(file, 'utf8')) as Record<string, Story>
    const [[name, story] = ['', null]] = Object.entries(stories)
    if (!story) throw new Error('no story was told')
    // Two that nobody has.
    await writeFile(file, JSON.stringify({ ...stories, 'story-lost': story, 'story-gone': story }))
    const queries = story.sentences.map((query, qid) => ({
      ...{ qid, query, vid: name, duration: story.duration, relevant_windows: [story.timestamps[qid]] },
    }))
    const lines = (rows: readonly object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('')
    await writeFile(join(moments, 'val.jsonl'), lines(queries))
    // Each says the first scene, which is right once.
    const predicted = queries.map(query => ({
      ...query,
      pred_relevant_windows: [[...(story.timestamps[0] ?? []), 0.9]],
    }))
    await writeFile(predictions, lines(predicted))
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

  /** The report on the stories, after one of the two missing ones was found. */
  const reported = once(async () => {
    await openFolder(told)
    await report().getByText('2 videos are missing or unreadable.').waitFor()
    // The page moves once more when the line of progress goes: a button that moves under the pointer is not pressed.
    await report().getByText('Every video was opened.').waitFor()
    const list = await saved('Save the list')
    const [first = ''] = await readdir(originals)
    await copyFile(join(originals, first), join(told, 'test', 'story-lost.mp4'))
    await report().getByRole('button', { name: 'Check these again', exact: true }).click()
    await report().getByText('1 video is missing or unreadable.').waitFor()
    return list
  })
  /** Two folders with the same videos but for one. */
  const indexed = once(async () => {
    await reported()
    for (const folder of [told, originals]) await lfvila(workspace, 'index', folder)
  })
  const retrieved = once(async () => {
    await reported()
    await form().getByRole('combobox', { name: 'Model', exact: true }).click()
    await page.getByRole('option', { name: /^starter(?!-)/ }).click()
    await form().getByRole('checkbox', { name: 'Locate sentences' }).uncheck()
    await form().getByLabel('Originals of the videos').fill(originals)
    await finished()
    return page.url()
  })

  it('lists what is missing, looks at that alone again, and exports what has times', async () => {
    expect((await reported()).split('\n').sort()).toEqual(['', 'story-gone\tmissing', 'story-lost\tmissing'])
    const exporting = form().getByTestId('annotation-export')
    await exporting.getByText('Export annotations').first().click()
    await exporting.getByRole('button', { name: 'Export', exact: true }).click()
    await exporting.getByText(/^24 parts of videos: .*24 added/).waitFor()
    const table = await readFile(await exporting.getByLabel('Write to').inputValue(), 'utf8')
    expect(table.trim().split('\n')).toHaveLength(25)
  })

  it('evaluates with what is missing, what moves the numbers and which protocol it is said beside them', async () => {
    await retrieved()
    expect(await evaluation().getByTestId('protocol').innerText()).toMatch(/No published protocol/)
    await evaluation().getByText('5 of 6 videos, 5 of 6 queries').click()
    await evaluation().getByTestId('survivors').getByRole('row', { name: /^R@1 / }).waitFor()
    const conditions = evaluation().getByTestId('conditions')
    expect(await conditions.locator('.chip').allInnerTexts()).toEqual([
      'Texts',
      'Dual softmax',
      'Training',
      'Negatives',
      'Copies',
    ])
    expect(await conditions.innerText()).toMatch(/Copies and originals: embeddings of 4 of 4 videos .* 1\.0000/)
    for (const name of ['Retrieval', 'Retrieval with dual softmax', 'Within groups of rows']) {
      await figures(name).waitFor()
    }
  })

  thorough('probes whether the model uses time', async () => {
    await page.goto(await retrieved())
    await evaluation().getByRole('button', { name: 'Time', exact: true }).click()
    const probe = evaluation().getByTestId('time-probe')
    await probe.getByRole('button', { name: 'Probe time', exact: true }).click()
    await probe.getByRole('row', { name: /^Frames reversed/ }).waitFor()
    expect(await probe.getByRole('row').count()).toBe(5)
    await probe.getByRole('button', { name: 'One frame repeated', exact: true }).click()
    await expect.poll(() => probe.getByRole('listitem').count()).toBe(5)
  })

  thorough('saves a certificate, evaluates from it, and compares the two', async () => {
    await page.goto(await retrieved())
    const certificate = await saved('Certificate')
    expect(JSON.parse(certificate)).toMatchObject({ format: 'lfvila-evaluation/1', protocol: { asked: null } })
    await openPage()
    await page.getByLabel('Choose a certificate').setInputFiles({
      ...{ name: 'found.certificate.json', mimeType: 'application/json' },
      buffer: Buffer.from(certificate),
    })
    await evaluation()
      .getByText(/^Equal to the evaluation starter-/)
      .waitFor()
    await evaluation().getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByRole('combobox', { name: 'Compare with' }).click()
    await page.getByRole('option').first().click()
    const compared = evaluation().getByTestId('comparison')
    await compared.getByText('5 queries and 5 videos that both have.').waitFor()
    expect(await compared.innerText()).toContain('The other is better on 0 queries, worse on 0 and equal on 5;')
  })

  it('scores moments that a file predicts, without their video', async () => {
    await openFolder(moments)
    await report().getByText('No video is there: predictions in a file can be scored').waitFor()
    await expect.poll(() => form().getByRole('button', { name: 'A model', exact: true }).isDisabled()).toBe(true)
    await form().getByLabel('File of predictions').fill(predictions)
    await finished()
    const table = figures('Moments, per cent')
    await expect.poll(() => table.getByRole('row', { name: /^All/ }).innerText()).toMatch(/^All\s+25\.00/)
    await expect.poll(() => evaluation().getByTestId('moment-bars').count()).toBe(3)
    await evaluation().getByRole('link', { name: 'Evaluate again', exact: true }).click()
    await expect.poll(() => form().getByLabel('Labelled folder').inputValue()).toBe(moments)
    await expect.poll(() => form().getByLabel('File of predictions').inputValue()).toBe(predictions)
  })

  it('scores moments that a model predicts, and writes these', async () => {
    await openFolder(moments, told)
    await form().getByRole('combobox', { name: 'Task' }).click()
    await page.getByRole('option', { name: /^Moment retrieval/ }).click()
    await form().getByRole('button', { name: 'A model', exact: true }).click()
    await form().getByRole('combobox', { name: 'Model', exact: true }).click()
    await page.getByRole('option', { name: /^starter(?!-)/ }).click()
    await finished()
    await figures('Moments, per cent').getByRole('row', { name: /^All/ }).waitFor()
    const written = (await saved('Predictions')).trim().split('\n')
    expect(written.map(line => JSON.parse(line).qid)).toEqual([0, 1, 2, 3])
  })

  it('orders the library by how videos did, those that were not evaluated last, also in the address', async () => {
    await retrieved()
    await indexed()
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Library', exact: true }).click()
    await page.getByRole('combobox', { name: 'Sort', exact: true }).click()
    await page.getByRole('option', { name: 'Best in an evaluation', exact: true }).click()
    await page.getByRole('combobox', { name: 'Evaluation', exact: true }).click()
    await page
      .getByRole('option', { name: /^starter, told/ })
      .first()
      .click()
    const cells = page.getByRole('gridcell')
    const scores = async () => (await cells.locator('.score').allInnerTexts()).map(Number)
    await expect.poll(async () => (await scores()).length).toBe(5)
    const falling = await scores()
    expect(falling).toEqual(falling.toSorted((a, b) => b - a))
    expect(await cells.nth(4).locator('.score').count()).toBe(1)
    expect(await page.getByTestId('without-score').innerText()).toMatch(/^\d+ videos are not in it and come last\.$/)
    await page.getByRole('button', { name: 'The other way round' }).click()
    await expect.poll(scores).toEqual(falling.toReversed())
    await page.reload()
    await expect.poll(scores).toEqual(falling.toReversed())
    expect(await cells.nth(4).locator('.score').count()).toBe(1)
  })

  it('searches one folder alone, with a text as with a video', async () => {
    await indexed()
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Search', exact: true }).click()
    const found = async () => (await page.getByTestId('search-summary').allInnerTexts()).join()
    await page.getByLabel('Paragraph').fill('A story.')
    await page.getByRole('combobox', { name: 'Folder', exact: true }).click()
    await page.getByRole('option', { name: 'originals', exact: true }).click()
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await expect.poll(found).toBe('4 videos')
    await page.getByRole('link', { name: 'Find similar' }).first().click()
    await page.getByTestId('like').waitFor()
    await page.reload()
    await expect.poll(found).toBe('3 videos')
  })

  it('refuses a protocol that the folder is not, and says what it is', async () => {
    await openFolder(moments)
    await form().getByRole('combobox', { name: 'Protocol' }).click()
    await page.getByRole('option', { name: 'QVHighlights val', exact: true }).click()
    expect(await form().getByText('Validation · 4').count()).toBe(0)
    // The form still asks a model, as before.
    await form().getByRole('button', { name: 'Predictions in a file', exact: true }).click()
    await form().getByLabel('File of predictions').fill(predictions)
    await form().getByRole('button', { name: 'Evaluate', exact: true }).click()
    await form()
      .getByText(/is not QVHighlights val: it has a video ‘story-/)
      .waitFor()
  })

  it('complained about nothing in its console', () => {
    expect(complaints).toEqual([])
  })
})
