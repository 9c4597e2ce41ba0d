import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileServer, serve } from '../../support/file-server.ts'
import type { Answer } from '../../support/file-server.ts'
import { folderOfFile } from '../../support/folders.ts'
import { commitOf, filesOf, HubStandIn } from '../../support/hub.ts'
import { once } from '../../support/once.ts'
import { thorough } from '../../support/sample.ts'
import { published } from '../../unit/models/hub-folder/published.ts'
import { writeTinyFolder } from '../../unit/models/hub-folder/tiny-folder.ts'
import { hosts, lfvila, root } from '../support/product.ts'
import type { Product } from '../support/product.ts'

const fixture = join(root, 'tests/fixtures/tiny-a')
const swin = Buffer.alloc(3_000_000, 'swin')

describe.each(hosts.filter(host => host.missing === null))('the Models page in $name', host => {
  const server = new FileServer()
  let workspace: string
  let product: Product
  let page: Page
  const complaints: string[] = []
  const dialog = () => page.getByRole('dialog')
  const download = (title: string) => page.getByRole('listitem', { name: title })

  const scratch = folderOfFile('models')
  beforeAll(async () => {
    await server.listen()
    workspace = join(scratch, 'workspace')
    await mkdir(workspace)
    // A mirror on this machine stands in for the publishers.
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ downloadMirror: server.url, device: 'cpu' }))
    // The small files that come along with others are not what this is about. The workspace is then no new one: no demo
    // is made.
    await provideConfigurations(workspace)
    product = await host.open(workspace)
    page = product.page
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type()) && !message.location().url.includes('/thumbnail/')) {
        complaints.push(`${message.text()} ${message.location().url}`)
      }
    })
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Models', exact: true }).click()
  })
  afterAll(async () => {
    await product?.close()
    await server.close()
  })

  /** A checkpoint is imported, at the second try, and the dialog tells of it. */
  const reported = once(async () => {
    await page.getByRole('button', { name: 'Import checkpoint' }).click()
    await dialog().getByLabel('Weights', { exact: false }).first().fill(join(fixture, 'lfvila_pretrain_stage1.bin'))
    await dialog().getByLabel('Configuration', { exact: false }).first().fill(join(fixture, 'model_config.json'))
    await dialog().getByLabel('BERT configuration').fill(join(fixture, 'no_such_file.json'))
    await dialog().getByLabel('Name').fill('tiny-a')
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await dialog()
      .getByRole('alert')
      .getByText(/no_such_file\.json/)
      .waitFor()

    await dialog().getByLabel('BERT configuration').fill(join(fixture, 'bert_config.json'))
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await page
      .getByTestId('import-report')
      .getByText(/^tiny-a \(pre-training, stage 1\)/)
      .waitFor()
  })
  const imported = once(async () => {
    await reported()
    await dialog().getByRole('button', { name: 'Close' }).last().click()
  })

  it('imports a checkpoint and says key by key what became of it', async () => {
    await reported()
    const report = page.getByTestId('import-report')
    // What the import warns of is said at once, and with the model from then on.
    const warning = /‘tiny-a’ has no vocabulary, so it can read no text/
    expect(await report.getByText(warning).count()).toBe(1)
    await report.getByRole('button', { name: /^All/ }).click()
    await report.getByRole('rowheader', { name: 'video_encoder.patch_embed.proj.weight' }).waitFor()
    expect(await report.getByRole('row').count()).toBeGreaterThan(100)
    await imported()
    expect(await page.getByRole('article', { name: 'tiny-a' }).getByText(warning).count()).toBe(1)
    expect((await lfvila<{ id: string }[]>(workspace, 'model', 'list')).map(({ id }) => id)).toContain('tiny-a')
  })

  it('uses another model from now on', async () => {
    await imported()
    await page.getByRole('button', { name: 'Use tiny-a' }).click()
    await expect.poll(() => page.getByTestId('model-chip').innerText()).toContain('tiny-a')
  })

  thorough('verifies its numbers against published ones, and shows every one of them', async () => {
    await imported()
    const panel = page.getByRole('region', { name: 'Verify against a reference' })
    const folder = join(workspace, '..', 'some')
    const cases = await someCases(folder, ['video-encoder', 'pretrain-stage1'])
    await panel.getByLabel('Fixture folder').fill(folder)
    await panel.getByRole('button', { name: 'Verify' }).click()
    await panel.getByText(`${cases.length} of ${cases.length} cases pass.`).waitFor({ timeout: 300_000 })
    expect(await panel.getByTestId('verify-report').getByRole('row').count()).toBeGreaterThan(cases.length)
  })

  thorough('exports a model as a file that it reads itself', async () => {
    await imported()
    const path = join(workspace, 'exports', 'copy.safetensors')
    await page.getByRole('button', { name: 'Export tiny-a' }).click()
    await dialog().getByRole('button', { name: 'safetensors', exact: true }).click()
    await dialog().getByLabel('File or folder to write').fill(path)
    await dialog().getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByTestId('export-done').waitFor()
    expect(existsSync(path)).toBe(true)
    await dialog().getByRole('button', { name: 'Close' }).last().click()
    const again = await lfvila<{ model: string; skipped: unknown[] }>(
      workspace,
      'model',
      'import',
      path,
      '--config',
      join(fixture, 'model_config.json'),
      '--bert-config',
      join(fixture, 'bert_config.json'),
      '--name',
      'again',
    )
    expect(again.model).toBe('again')
    const [one, other] = [
      await lfvila<{ hash: string }>(workspace, 'model', 'info', 'tiny-a'),
      await lfvila<{ hash: string }>(workspace, 'model', 'info', 'again'),
    ]
    expect(other.hash).toBe(one.hash)
  })

  it('downloads a model of Hugging Face by its name and uses it, and says what is wrong with a name', async () => {
    const stand = new HubStandIn()
    await stand.listen()
    try {
      const folder = await writeTinyFolder(join(scratch, 'repository'), published.clip)
      stand.repositories.set('tester/tiny-clip', { commit: commitOf('tiny'), files: filesOf(folder) })
      server.answers(stand.answer)
      const models = page.getByRole('region', { name: 'Models from Hugging Face' })
      const get = models.getByRole('button', { name: 'Download and use', exact: true }).last()
      const name = models.getByLabel('Another model, by its name')
      await name.fill('tester/tiny-clap')
      await get.click()
      const wrong = download('hf:tester/tiny-clap')
      await wrong
        .getByRole('alert')
        .getByText(/check the spelling/)
        .waitFor()
      await wrong.getByRole('button', { name: 'Delete hf:tester/tiny-clap' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
      await expect.poll(() => wrong.count()).toBe(0)

      await name.fill('https://huggingface.co/tester/tiny-clip')
      await get.click()
      await download('hf:tester/tiny-clip').getByText('registered as tiny-clip').waitFor()
      await expect.poll(() => page.getByTestId('model-chip').innerText()).toContain('tiny-clip')
      await page.getByRole('article', { name: 'tiny-clip' }).getByText('in use').waitFor()
    } finally {
      await stand.close()
    }
  })

  it('imports a folder that is chosen in the window, where the system has no dialog', async () => {
    const folder = await writeTinyFolder(join(scratch, 'chosen-clip'), published.clip)
    await page.getByRole('button', { name: 'Import checkpoint' }).click()
    const asked = await product.answerFolderDialog(folder)
    await dialog().getByRole('button', { name: 'Choose folder…' }).first().click()
    if (!asked) {
      const browser = page.getByRole('dialog', { name: 'Open folder' })
      // It begins with the home folder, which must not come between.
      await expect.poll(() => browser.getByLabel('Folder path').inputValue()).not.toBe('')
      await browser.getByLabel('Folder path').fill(folder)
      await browser.getByRole('button', { name: 'Open this folder' }).click()
    }
    await expect.poll(() => dialog().getByLabel('Weights').first().inputValue()).toBe(folder)
    await dialog().getByRole('button', { name: 'Import', exact: true }).click()
    await page
      .getByTestId('import-report')
      .getByText(/^chosen-clip /)
      .waitFor()
    await dialog().getByRole('button', { name: 'Close' }).last().click()
  })

  it('downloads a published file, and leaves nothing of one that was cancelled', async () => {
    const silent: Answer = (_request, response) => {
      response.writeHead(200, { 'content-length': swin.length, etag: '"v1"' }).write(swin.subarray(0, 1_000_000))
    }
    const place = join(workspace, 'downloads', 'swin-base', 'swin_base_patch4_window12_384_22k.pth')
    server.answers(silent)
    const entry = download('Swin-B, ImageNet-22K')
    await entry.getByRole('button', { name: 'Download Swin-B' }).click()
    // The quarter of a megabyte of small files counts.
    await entry.getByText('1.2 MB of 3.2 MB').waitFor()
    await entry.getByRole('button', { name: 'Cancel the download of Swin-B' }).click()
    await entry.getByRole('button', { name: 'Download Swin-B' }).waitFor()
    // The button is back at once; the bytes are gone soon after.
    await expect.poll(() => existsSync(`${place}.part`)).toBe(false)

    server.answers(serve({ content: swin, dropAfter: 1_000_000 }), serve({ content: swin }))
    await entry.getByRole('button', { name: 'Download Swin-B' }).click()
    await entry.getByText('downloaded').waitFor()
    expect((await readFile(place)).equals(swin)).toBe(true)
    // On a busy machine the end of what was sent is lost with the connection.
    expect(server.ranges).toEqual(['all', expect.stringMatching(/^bytes=\d{3,}-$/)])
    await entry.getByRole('button', { name: 'Import Swin-B' }).click()
    await expect.poll(() => dialog().getByLabel('2-D Swin weights').inputValue()).toBe(place)
    await dialog().getByRole('button', { name: 'Cancel' }).click()
  })

  it('touches no network in offline mode, and says so', async () => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Offline mode' }).check()
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByText('Offline mode is on: no network is touched').waitFor()
    expect(
      await download('BERT-large, uncased').getByRole('button', { name: 'Download BERT-large' }).isDisabled(),
    ).toBe(true)
  })

  it('complained about nothing in its console', () => {
    expect(complaints).toEqual([])
  })
})

/** A fixture with some of the cases only: the tests of parity verify all of them. */
async function someCases(folder: string, names: readonly string[]): Promise<unknown[]> {
  await cp(fixture, folder, { recursive: true })
  const file = join(folder, 'verify.json')
  const whole = JSON.parse(await readFile(file, 'utf8')) as { cases: { name: string }[] }
  const cases = whole.cases.filter(({ name }) => names.includes(name))
  await writeFile(file, JSON.stringify({ ...whole, cases }))
  return cases
}

/** Files of the sizes that were published, where downloads put them. */
async function provideConfigurations(workspace: string): Promise<void> {
  const downloads = await lfvila<{ id: string; files: { name: string; size: number; path: string }[] }[]>(
    workspace,
    'model',
    'download',
  )
  for (const { path, size } of downloads.find(({ id }) => id === 'configurations')?.files ?? []) {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, Buffer.alloc(size))
  }
}
