import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOfFile } from '../../support/folders.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

interface Aligned {
  readonly clips: { readonly start: number; readonly end: number }[]
  readonly similarity: number[][]
}

const captions = ['Bars move.', 'A counter runs.', 'The colours change.']
  .map((text, index) => `${index + 1}\n00:00:${10 + 8 * index},000 --> 00:00:${14 + 8 * index},000\n${text}\n`)
  .join('\n')

describe.each(hosts.filter(host => host.missing === null))('learning from corrections in $name', host => {
  const scratch = folderOfFile('learning')
  const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'videos')]
  const video = join(folder, 'clip.mp4')
  const complaints: string[] = []
  let product: Product
  let page: Page

  beforeAll(async () => {
    await mkdir(workspace, { recursive: true })
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    await drawVideo(video, 'testsrc2=size=160x96:rate=8:duration=40', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'])
    await writeFile(join(folder, 'clip.srt'), captions)
    await lfvila(workspace, 'index', folder, '--dense')
    product = await host.open(workspace)
    ;({ page } = product)
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', error => complaints.push(error.message))
  }, 300_000)
  afterAll(() => product.close())

  it('a span is corrected, the model learns it, both stand side by side, and it goes back', async () => {
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.evaluate(() => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = '#/alignment/1'
    })
    const lane = page.getByTestId('caption-lane')
    await lane.getByRole('button').first().waitFor()
    await page.getByTestId('alignment-matrix').waitFor()
    // The first sentence to the end of the video, where no other is.
    await lane.getByRole('button').first().dblclick()
    await page.getByRole('textbox', { name: 'Begins at' }).fill('0:34')
    await page.getByRole('textbox', { name: 'Ends at' }).fill('0:39')
    await page.getByRole('textbox', { name: 'Ends at' }).press('Enter')
    await page.keyboard.press('Escape')
    await page.locator('[data-testid=caption-state][data-kept=true]').getByText('Edited, not saved').waitFor()

    await page.getByRole('button', { name: 'Learn from corrections' }).click()
    const dialog = page.getByRole('dialog', { name: 'Learn from corrections' })
    await dialog.getByRole('button', { name: 'Learn', exact: true }).click()
    const learned = page.getByTestId('learned')
    await learned.getByText('starter-corrected is starter, trained on 3 sentences of one video.').waitFor()
    await learned.getByText(/^Best clip in the span: [0-3] of 3 before, [23] after, on the same sentences/).waitFor()
    await dialog.waitFor({ state: 'detached' })
    const two = page.getByRole('region', { name: 'Two models' })
    await two.getByText('starter-corrected', { exact: true }).first().waitFor()
    const used = page.getByTestId('shown-model')
    expect(await used.textContent()).not.toContain('corrected')

    await learned.getByRole('button', { name: 'Use starter-corrected' }).click()
    await expect.poll(() => used.textContent()).toContain('starter-corrected')
    // It looks at videos by the weights of the starter, and says so.
    await page
      .getByText(/‘starter-corrected’ was trained on drawn stories/)
      .first()
      .waitFor()
    await page.getByTestId('alignment-matrix').waitFor()
    // What is asked elsewhere is what was promised: of each sentence the best clip, and nothing indexed again.
    const spans = [
      [18, 22],
      [26, 30],
      [34, 39],
    ] as const
    const asked = ['A counter runs.', 'The colours change.', 'Bars move.'].join('\n')
    const found = (of: Aligned) =>
      spans.filter(([from, to], column) => {
        const scores = of.similarity.map(row => row[column] ?? -1)
        const best = of.clips[scores.indexOf(Math.max(...scores))]
        return best && Math.min(best.end, to) - Math.max(best.start, from) > 0
      }).length
    const align = (model: string) =>
      lfvila<Aligned>(workspace, 'align', video, '--text', asked, '--model', model, '--device', 'cpu')
    const [before, after] = [await align('starter'), await align('starter-corrected')]
    expect(found(after)).toBeGreaterThanOrEqual(Math.max(2, found(before)))
    expect(after.similarity).not.toEqual(before.similarity)
    expect(
      await lfvila(workspace, 'index', folder, '--dense', '--model', 'starter-corrected', '--device', 'cpu'),
    ).toMatchObject({ indexed: 0, skipped: 1 })

    await learned.getByRole('button', { name: 'Back to starter' }).click()
    await expect.poll(() => used.textContent()).not.toContain('corrected')
    await page.getByRole('heading', { name: 'Alignment' }).click()
    expect(await learned.count()).toBe(0)
    await page.getByRole('combobox', { name: 'Compare with' }).click()
    await page.getByRole('option', { name: 'starter-corrected', exact: true }).click()
    await learned.getByRole('button', { name: 'Remove starter-corrected' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await learned.waitFor({ state: 'detached' })
    expect(await lfvila<{ id: string }[]>(workspace, 'model', 'list')).not.toContainEqual(
      expect.objectContaining({ id: 'starter-corrected' }),
    )
    expect(complaints).toEqual([])
  }, 600_000)
})
