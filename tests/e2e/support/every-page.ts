import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { lfvila } from './product.ts'

/** The pages of the window as they are called in addresses, and what stands on each once it is there. */
const marks = {
  library: '[role=gridcell]',
  search: '[data-testid=search-result]',
  alignment: '[data-testid=alignment-matrix]',
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
    await lfvila(this.#workspace, 'index', join(this.#folder, 'train'), '--dense')
  }

  /** Settings of the next start. */
  choose(settings: { readonly theme?: string; readonly language?: string }): Promise<void> {
    return writeFile(join(this.#workspace, 'settings.json'), JSON.stringify({ device: 'cpu', ...settings }))
  }

  /** Goes to the page and waits until it shows what it is there for. */
  async show(page: Page, name: PageName): Promise<void> {
    // Earlier the window would go to its own first page.
    await page.locator('h1').first().waitFor()
    const video = ['alignment', 'attention', 'questions'].includes(name) ? '/1' : ''
    await page.evaluate(hash => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = hash
    }, `#/${name}${video}`)
    await page.locator(`nav a[href^="#/${name}"][aria-current=page]`).first().waitFor()
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
