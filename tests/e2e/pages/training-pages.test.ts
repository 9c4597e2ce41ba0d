import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedModels } from '../../../native-models/starter/shipped.ts'
import { folderOfFile } from '../../support/folders.ts'
import { writeSmallModel } from '../../support/models/small-model.ts'
import { once } from '../../support/once.ts'
import { writeColourClasses } from '../../support/videos/labelled-videos.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

describe.each(hosts.filter(host => host.missing === null))('the pages Fine-tune and Evaluate in $name', host => {
  const scratch = folderOfFile('training')
  let workspace: string
  let folder: string
  let product: Product
  let page: Page
  const complaints: string[] = []
  const go = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()
  const report = (form: string) => page.getByRole('form', { name: form }).getByTestId('dataset-report')

  async function openFolder(form: string) {
    const native = await product.answerFolderDialog(folder)
    await page.getByRole('form', { name: form }).getByRole('button', { name: 'Choose where the data is' }).click()
    if (!native) {
      const field = page.getByLabel('Folder path')
      // The dialog begins at the home folder.
      await expect.poll(() => field.inputValue()).not.toBe('')
      await field.fill(folder)
      await page.getByRole('button', { name: 'Open this folder' }).click()
    }
    await report(form).getByText('Every video was opened.').waitFor()
  }

  beforeAll(async () => {
    workspace = join(scratch, 'workspace')
    folder = join(scratch, 'colours')
    await writeColourClasses(folder, { train: 2, val: 2, test: 2 })
    await mkdir(workspace)
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    // A workspace that is not new gets no demo library, which would be indexed beside the run.
    const { config, bertConfig } = await writeSmallModel(scratch)
    await lfvila(
      workspace,
      'model',
      'import',
      '--config',
      config,
      '--bert-config',
      bertConfig,
      '--kind',
      'video-classification',
      '--name',
      'small',
      '--init',
      'random=1',
    )
    product = await host.open(workspace)
    page = product.page
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type()) && !message.location().url.includes('/thumbnail/')) {
        complaints.push(`${message.text()} ${message.location().url}`)
      }
    })
  })
  afterAll(async () => {
    await product?.close()
  })

  const reported = once(async () => {
    await go('Fine-tune')
    await page.getByRole('heading', { name: 'Fine-tune', level: 1, exact: true }).waitFor()
    await openFolder('New run')
  })
  /** The form of a new run as it is started, and the epochs that the preset had filled in. */
  const filled = once(async () => {
    await reported()
    const published = await page.getByLabel('Epochs', { exact: true }).inputValue()
    await page.getByRole('combobox', { name: 'Start from' }).click()
    await page.getByRole('option', { name: /^small/ }).click()
    await page.getByRole('button', { name: 'heads only' }).click()
    await page.getByLabel('Epochs', { exact: true }).fill('6')
    await page.getByLabel('Batch size').fill('2')
    await page.getByLabel('Learning rate').fill('0.02')
    await page.getByLabel('Warm-up').fill('0')
    // Without chance in frames and weights what is frozen is computed once per video.
    await page.getByRole('checkbox', { name: 'Dropout and stochastic depth' }).uncheck()
    await page.getByRole('checkbox', { name: 'Random crop and flip of training frames' }).uncheck()
    await page.getByLabel('Name', { exact: true }).fill('Two colours')
    return published
  })
  /** Started, paused, and going on. */
  const resumed = once(async () => {
    await filled()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    const run = page.getByTestId('run-detail')
    await run.getByRole('button', { name: 'Pause', exact: true }).click()
    await run.getByText('paused', { exact: true }).waitFor()
    await page.getByText('No jobs running').waitFor()
    await run.getByRole('button', { name: 'Resume', exact: true }).click()
    await run.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  })
  const trained = once(async () => {
    await resumed()
    await page.getByTestId('run-detail').getByText('finished', { exact: true }).waitFor()
  })

  it('reports on a labelled folder before anything is trained', async () => {
    await reported()
    const found = report('New run')
    expect(await found.getByRole('row', { name: /^red/ }).getByRole('cell').allInnerTexts()).toEqual(['2', '2', '2'])
    expect(await page.getByRole('combobox', { name: 'Task' }).first().innerText()).toBe('Video classification')
  })

  it('fills in the published hyper-parameters, and estimates what the run will take', async () => {
    expect(await filled()).toBe('500')
    await page.getByRole('button', { name: 'Estimate', exact: true }).click()
    expect(await page.getByTestId('estimate').innerText()).toMatch(
      /One epoch.*2 steps.*Memory.*[MG]B.*Trained weights/s,
    )
  })

  /** Types into a field, and tells whether the button can be pressed before anything else happens in the window. */
  async function canPressAfterTyping(label: string, text: string, button: string): Promise<boolean> {
    return page
      .getByRole('form', { name: 'New run' })
      .getByLabel(label, { exact: true })
      .evaluate(
        (element, [typed, name]) => {
          const input = element as unknown as {
            value: string
            form: { querySelectorAll(selector: string): Iterable<{ textContent: string; disabled: boolean }> }
          }
          input.value = typed
          element.dispatchEvent(new Event('input', { bubbles: true }))
          return new Promise<boolean>(done =>
            setTimeout(() => {
              done(
                [...input.form.querySelectorAll('button')].some(
                  one => one.textContent.trim() === name && !one.disabled,
                ),
              )
            }),
          )
        },
        [text, button] as const,
      )
  }

  it('starts nothing with Enter, in whatever field', async () => {
    await filled()
    for (const label of ['Epochs', 'Learning rate', 'Name', 'Seed', 'Labelled folder']) {
      await page.getByRole('form', { name: 'New run' }).getByLabel(label, { exact: true }).press('Enter')
    }
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor()
    expect(await lfvila<unknown[]>(workspace, 'model', 'list')).toHaveLength(shippedModels.length + 1)
    await page.getByText('Nothing was trained yet.').waitFor()
    await page.getByText('No jobs running').waitFor()
  })

  it('cannot be started while the report is older than the fields', async () => {
    await filled()
    const start = page.getByRole('button', { name: 'Start', exact: true })
    const form = page.getByRole('form', { name: 'New run' })
    const given = await form.getByTestId('dataset-report').innerText()
    await page.getByRole('button', { name: 'drawn', exact: true }).click()
    await expect.poll(() => start.isEnabled()).toBe(true)
    expect(await canPressAfterTyping('Validation %', '50', 'Start')).toBe(false)
    await expect.poll(() => start.isEnabled()).toBe(true)
    // A share that is none is no reason to train with the last one that was.
    expect(await canPressAfterTyping('Test %', '5000', 'Start')).toBe(true)
    await start.click()
    expect(await form.getByLabel('Test %').evaluate(field => field === field.ownerDocument.activeElement)).toBe(true)
    await page.getByText('No jobs running').waitFor()
    await form.getByLabel('Test %').fill('10')
    // The text of another folder that was not taken yet.
    expect(await canPressAfterTyping('Labelled folder', '/elsewhere', 'Start')).toBe(false)
    await form.getByLabel('Labelled folder').fill(folder)
    await page.getByRole('button', { name: 'as given', exact: true }).click()
    await expect.poll(() => start.isEnabled()).toBe(true)
    await expect.poll(() => form.getByTestId('dataset-report').innerText()).toBe(given)
  })

  it('is paused and goes on', async () => {
    await resumed()
  })

  it('fine-tunes, draws what it measures, and registers a model that tells the classes apart', async () => {
    await trained()
    const run = page.getByTestId('run-detail')
    await expect.poll(() => run.getByTestId('run-best').innerText()).toMatch(/^Accuracy 100\.0 % \(n = 4\)/)
    const loss = run.getByRole('region', { name: 'Loss', exact: true })
    await loss.getByRole('button', { name: 'Loss as a table' }).click()
    // Six epochs of two steps, and the heading.
    await expect.poll(() => loss.getByRole('row').count()).toBe(13)
    // As measured, also when the curve is drawn smoothed.
    const values = await loss.getByRole('row').allInnerTexts()
    await page.getByRole('slider', { name: /^Smoothing/ }).fill('0.9')
    expect(await loss.getByRole('row').allInnerTexts()).toEqual(values)
    await run.getByRole('button', { name: 'Log', exact: true }).click()
    await run.getByText('All epochs are done.').waitFor()
    expect((await lfvila<{ id: string }[]>(workspace, 'model', 'list')).map(({ id }) => id)).toContain('Two-colours')
  })

  it('evaluates the model on the split that it has not seen', async () => {
    await trained()
    expect(await page.getByTestId('record').innerText()).toContain('Accuracy 100.0 % (n = 4)')
    // From the run: its model, on the data and the splits that it was trained with.
    await page.getByTestId('run-detail').getByRole('link', { name: 'Evaluate', exact: true }).click()
    await page.getByRole('heading', { name: 'Evaluate', level: 1, exact: true }).waitFor()
    await report('New evaluation').getByText('Every video was opened.').waitFor()
    expect(await page.getByTestId('splits-of-run').innerText()).toBe('The splits are those of the run “Two colours”.')
    await page.getByRole('form', { name: 'New evaluation' }).getByLabel('Labelled folder').press('Enter')
    await page.getByText('Nothing was measured yet.').waitFor()
    expect(await page.getByRole('combobox', { name: 'Model', exact: true }).innerText()).toContain('Two-colours')
    await page.getByRole('button', { name: 'Evaluate', exact: true }).click()
    const evaluation = page.getByTestId('evaluation')
    expect(
      await evaluation
        .getByTestId('figures')
        .getByRole('row', { name: /^Accuracy/ })
        .innerText(),
    ).toMatch(/100\.0 %\s+4$/)
    await evaluation.getByText('Nothing was wrong.').waitFor()
    expect(await page.getByRole('complementary', { name: 'Evaluations' }).innerText()).toContain(
      'Accuracy 100.0 % (n = 4)',
    )
    await evaluation.getByRole('button', { name: 'Confusion', exact: true }).click()
    const confusion = evaluation.getByTestId('confusion')
    await confusion.getByRole('button', { name: 'Confusion matrix as a table' }).click()
    expect(await confusion.getByRole('row').allInnerTexts()).toHaveLength(3)
  })

  it('keeps the run under a new name, and deletes it', async () => {
    await trained()
    await go('Fine-tune')
    await page
      .getByTestId('record')
      .getByRole('link', { name: /Two colours/ })
      .click()
    await page.getByRole('button', { name: 'Actions for Two colours' }).click()
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Red or blue')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename', exact: true }).click()
    await page.getByRole('button', { name: 'Actions for Red or blue' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Nothing was trained yet.').waitFor()
  })

  it('complained about nothing in its console', () => {
    expect(complaints).toEqual([])
  })
})
