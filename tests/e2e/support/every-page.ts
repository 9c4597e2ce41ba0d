import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { spansOfTiers } from '../../../main/tiers/tier-document.ts'
import { elanDocument } from '../../../main/training/data/annotation-tools/elan-document.ts'
import { lfvila } from './product.ts'

/**
 * The pages of the window as they are called in addresses, and what stands on each once it is there. `tier` is
 * Alignment with a tier that is worked on.
 */
const marks = {
  library: '[role=gridcell]',
  search: '[data-testid=search-result]',
  alignment: '[data-testid=alignment-matrix]',
  tier: '[data-testid=tier-state]',
  attention: '[data-testid=frame-strip]',
  // The starter answers no questions, which the page says.
  questions: '.page > :nth-child(2)',
  map: '[data-testid=map]',
  'fine-tune': '[data-testid=dataset-report]',
  evaluate: '[data-testid=dataset-report]',
  models: '[data-testid=model]',
  settings: 'main select, main [role=combobox]',
} as const
export type PageName = keyof typeof marks
export const pageNames = Object.keys(marks) as PageName[]
export const paragraph = 'A red circle moves to the right across a white background. A green star grows larger.'

/** In the page: whether every picture in sight is there. Source, since a browser's types are not those of a test. */
const picturesAreThere = `[...document.querySelectorAll('main .image .waiting')].every(sign => {
  const { left, right, top, bottom } = sign.getBoundingClientRect()
  return bottom < 0 || top > innerHeight || right < 0 || left > innerWidth
})`

const asTheyAreMet = ['--scenes', '4-6', '--seconds', '2-3', '--size', 'small']
/** Stories that are soon drawn and indexed. */
export const short = ['--scenes', '4-4', '--seconds', '2-2', '--size', '160x96', '--fps', '8']

/** Short ones and long ones, side by side. */
const tier = {
  name: 'light',
  spans: [
    { text: 'bright', start: 0.5, end: 1 },
    { text: 'dim, and then dark until the last scene begins', start: 1, end: 2.5 },
    { text: 'bright again', start: 4, end: 7 },
  ],
}

/** A library of four drawn stories that the starter has indexed, so that every page has something to show. */
export class EveryPage {
  readonly #workspace: string
  readonly #folder: string

  constructor(workspace: string, folder: string) {
    this.#workspace = workspace
    this.#folder = folder
  }

  async draw(kind: readonly string[] = asTheyAreMet): Promise<void> {
    await mkdir(this.#workspace, { recursive: true })
    await this.choose({})
    await lfvila(this.#workspace, 'demo', this.#folder, '--stories', '4', '--split', 'train', ...kind)
    const train = join(this.#folder, 'train')
    await lfvila(this.#workspace, 'index', train, '--dense')
    // Videos are found by name: the first is the one that is shown.
    const [name = ''] = (await readdir(train)).filter(file => file.endsWith('.mp4')).sort()
    const session = join(this.#folder, 'session.eaf')
    await writeFile(session, elanDocument(name, spansOfTiers(name, [tier]), '2026-01-01T00:00:00Z'))
    await lfvila(this.#workspace, 'tiers', join(train, name), '--read', session)
  }

  /** Settings of the next start. */
  choose(settings: { readonly theme?: string; readonly language?: string }): Promise<void> {
    return writeFile(join(this.#workspace, 'settings.json'), JSON.stringify({ device: 'cpu', ...settings }))
  }

  /** Goes to the page and waits until it shows what it is there for. */
  async show(page: Page, name: PageName): Promise<void> {
    // Earlier the window would go to its own first page.
    await page.locator('h1').first().waitFor()
    const place = name === 'tier' ? 'alignment' : name
    const video = ['alignment', 'attention', 'questions'].includes(place) ? '/1' : ''
    await page.evaluate(hash => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = hash
    }, `#/${place}${video}`)
    await page.locator(`nav a[href^="#/${place}"][aria-current=page]`).first().waitFor()
    if (name === 'tier') await page.getByRole('group', { name: tier.name }).getByRole('button').first().click()
    if (name === 'library') await page.locator(marks.library).first().click()
    if (name === 'search') {
      await page.locator('main textarea').first().fill(paragraph)
      await page.keyboard.press('Control+Enter')
    }
    if (name === 'fine-tune' || name === 'evaluate') {
      const folder = page.locator('main form input.field').first()
      await folder.fill(this.#folder)
      await folder.press('Enter')
    }
    await page.locator(marks[name]).first().waitFor()
    // Playwright's own waiting evaluates, which the content security policy forbids. What is scrolled away never comes.
    for (let tries = 0; tries < 100 && !(await page.evaluate(picturesAreThere)); tries += 1) await sleep(100)
    await page.waitForLoadState('networkidle')
  }
}
