import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { lfvila } from './product.ts'

export interface LibraryBench {
  readonly workspace: string
  readonly page: () => Page
  readonly videos: () => readonly string[]
  /** Goes to Library, where every video is shown and indexed. */
  readonly library: () => Promise<void>
}

/** What researchers do with the videos of a list: select, look at, tag, narrow, order, take off. */
export function libraryWorkspace({ workspace, page: current, videos, library }: LibraryBench): void {
  const inspector = () => current().getByTestId('inspector')
  const card = (name: string) => current().getByRole('gridcell', { name, exact: true })
  /** A busy machine takes its time. */
  const poll = <Value>(ask: () => Promise<Value>) => expect.poll(ask)
  const heading = (name: string) => current().getByRole('heading', { name, level: 1, exact: true })
  const names = () => videos().map(path => basename(path))
  const count = (text: string) => poll(() => current().getByTestId('video-count').innerText()).toBe(text)
  const firstName = () => current().getByRole('gridcell').first().getAttribute('aria-label')
  /** The list without rules, order and selection. */
  const fresh = async () => {
    await library()
    await current().evaluate(() => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = '#/library'
    })
    await count(`${videos().length} videos`)
    await inspector().getByRole('heading', { name: 'Nothing selected' }).waitFor()
  }

  it('selects with a click, several with Ctrl and Shift, and opens with a double click', async () => {
    await fresh()
    const page = current()
    await card('Test card.mp4').click()
    await inspector().getByRole('heading', { name: 'Test card.mp4' }).waitFor()
    // Known to whoever made the file: 16 seconds of H.264, 320 × 240, with three sentences beside it.
    for (const fact of ['0:16.00', '320 × 240', '20 frames a second', 'h264, yuv420p', 'Overview: yes', 'Dense: yes']) {
      await inspector().getByText(fact, { exact: true }).first().waitFor()
    }
    await inspector().getByText('A test card with moving bars.').waitFor()
    await poll(() => inspector().locator('img').count()).toBe(6)
    await expect.poll(() => page.url()).toMatch(/selected=\d+/)

    await card('Fractal.webm').click({ modifiers: ['Control'] })
    await inspector().getByRole('heading', { name: '2 videos' }).waitFor()
    // The address follows what is selected.
    await expect.poll(() => page.url()).toMatch(/selected=\d+[-.]\d+/)
    await page.reload()
    await inspector().getByRole('heading', { name: '2 videos' }).waitFor()
    await page.getByRole('gridcell').first().click()
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await inspector().getByRole('heading', { name: '3 videos' }).waitFor()
    await page.keyboard.press('Control+a')
    await inspector()
      .getByRole('heading', { name: `${videos().length} videos` })
      .waitFor()
    await page.keyboard.press('Escape')
    await inspector().getByRole('heading', { name: 'Nothing selected' }).waitFor()
    await expect.poll(() => page.url()).not.toContain('selected')

    await card('Test card.mp4').dblclick()
    await heading('Alignment').waitFor()
  })

  it('tags what is selected, and takes that back; the command line knows of it', async () => {
    await fresh()
    const page = current()
    const used = () => lfvila<{ tag: string; videos: number }[]>(workspace, 'tag')
    await card('Test card.mp4').click()
    await card('Fractal.webm').click({ modifiers: ['Control'] })
    await page.keyboard.press('t')
    await page.keyboard.type('moving')
    await page.keyboard.press('Enter')
    const tag = page.getByRole('button', { name: /Show those .*moving/ })
    await tag.waitFor()
    expect(await used()).toEqual([{ tag: 'moving', videos: 2 }])
    await page.keyboard.press('Escape')
    await heading('Library').click()
    await page.keyboard.press('Control+z')
    await tag.waitFor({ state: 'detached' })
    expect(await used()).toEqual([])
    expect(await lfvila(workspace, 'tag', videos()[0] ?? '', '--add', 'moving, first')).toEqual([
      { path: videos()[0], tags: ['first', 'moving'] },
    ])
    await tag.waitFor()
  })

  it('narrows by rules that combine, keeps them as a view, and shows them again from its address', async () => {
    await fresh()
    const page = current()
    const chips = page.getByTestId('rule-chips')
    const tag = page.getByRole('button', { name: /Show those .*moving/ })
    await tag.click()
    await count('1 video')
    await tag.click()
    await count(`${videos().length - 1} videos`)
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('spinbutton', { name: 'Resolution from' }).fill('240')
    await page.getByRole('combobox', { name: 'Captions' }).click()
    await page.getByRole('option', { name: 'No', exact: true }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox', { name: 'Filter by name or caption' }).fill('fractal')
    const fractals = names().filter(name => name.startsWith('Fractal')).length
    await count(`${fractals} videos`)
    expect(await chips.locator('.rule').allInnerTexts()).toEqual([
      '“fractal”',
      'not: moving',
      'at least 240p',
      'without captions',
    ])
    await chips.getByRole('button', { name: 'Save as view' }).click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('Fractals only')
    await page.keyboard.press('Enter')
    const view = page.getByRole('button', { name: /^Fractals only/ })
    await poll(() => view.innerText()).toContain(String(fractals))
    await page.reload()
    await count(`${fractals} videos`)
    await chips.getByRole('button', { name: 'Take away: “fractal”' }).click()
    await count(`${videos().length - 1} videos`)
    await chips.getByRole('button', { name: 'Clear all' }).click()
    await count(`${videos().length} videos`)
    await view.click()
    await count(`${fractals} videos`)
  })

  it('orders by length, and by similarity to a video, which is most similar to itself', async () => {
    await fresh()
    const page = current()
    await card('Colours and a clock.mp4').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Sort the list by similarity' }).click()
    await poll(firstName).toBe('Colours and a clock.mp4')
    expect(await page.getByRole('gridcell').first().locator('.score').innerText()).toBe('1.000')
    await page.getByRole('button', { name: 'The other way round' }).click()
    await poll(firstName).not.toBe('Colours and a clock.mp4')
    await expect.poll(() => page.url()).toContain('sort=similar')
  })

  it('compares where two videos answer the same sentences', async () => {
    await fresh()
    const page = current()
    await card('Test card.mp4').click()
    await card('Colours and a clock.mp4').click({ modifiers: ['Control'] })
    await inspector().getByRole('button', { name: 'Compare alignment' }).click()
    const compared = page.getByTestId('compared')
    await compared.waitFor()
    expect(await compared.locator('.sentence').count()).toBe(3)
    expect(await compared.getByRole('img').count()).toBe(6)
    await page.keyboard.press('Escape')
  })

  it('shows the frame under the pointer, one request at a time, and the picture again afterwards', async () => {
    await fresh()
    const page = current()
    const box = (await card('Test card.mp4').boundingBox())!
    const frame = page.getByTestId('scrub-frame')
    const over = async (fraction: number) => {
      await page.mouse.move(box.x + fraction * box.width, box.y + 30)
      await page.mouse.move(box.x + fraction * box.width + 1, box.y + 31)
    }
    await over(0.2)
    await frame.waitFor()
    const before = await frame.getAttribute('src')
    await over(0.8)
    await poll(() => frame.getAttribute('src')).not.toBe(before)
    await heading('Library').hover()
    await frame.waitFor({ state: 'detached' })
  })

  it('finds what is similar to a video, to a moment of it, and to a picture that is brought', async () => {
    await fresh()
    const page = current()
    const results = page.getByTestId('search-result')
    const like = page.getByTestId('like')
    const level = (name: string) => page.getByLabel('Search for', { exact: true }).getByText(name, { exact: true })
    await card('Fractal.webm').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Find similar' }).click()
    await like.getByRole('heading', { name: 'Similar to Fractal.webm' }).waitFor()
    // Its copies hold the same content: all that is left are the other two.
    await poll(() => results.count()).toBe(2)
    await poll(() => like.locator('img').count()).toBe(6)

    await level('Moments').click()
    await poll(() => results.count()).toBeGreaterThan(2)
    const first = results.first()
    await first.getByRole('link', { name: 'Find similar' }).click()
    await expect.poll(() => page.url()).toMatch(/like=video\.\d+.*from=.*to=/)
    await like.waitFor()
    await poll(() => results.count()).toBeGreaterThan(0)
    // It is remembered with its span, and found again by its address and from the list.
    const address = page.url()
    await page.reload()
    await poll(() => results.count()).toBeGreaterThan(0)
    expect(page.url()).toBe(address)
    await like.getByRole('button', { name: 'Search with a text again' }).click()
    await page.getByRole('button', { name: 'Searches', exact: true }).click()
    await page
      .getByRole('button', { name: /^Similar to .* \d+:\d\d\.\d–\d+:\d\d\.\d/ })
      .first()
      .click()
    const [asked = ''] = /like=[^&]+&from=[^&]+&to=[^&]+/.exec(address) ?? []
    await expect.poll(() => page.url()).toContain(asked)
    await poll(() => results.count()).toBeGreaterThan(0)

    const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 321, height: 241 } })
    await page
      .getByLabel('Picture or video…')
      .setInputFiles({ name: 'screen.png', mimeType: 'image/png', buffer: picture })
    await like.getByRole('heading', { name: 'Similar to screen.png' }).waitFor()
    await page.getByText(/the picture was repeated \d+ times/).waitFor()
    await poll(() => like.locator('img').count()).toBe(1)
    await page.getByLabel('Picture or video…').setInputFiles(videos()[0] ?? '')
    await like.getByRole('heading', { name: 'Similar to Test card.mp4' }).waitFor()
    await poll(() => like.locator('img').count()).toBe(6)
    // The same bytes in the library are found first.
    await level('Videos').click()
    await poll(() => results.first().getByRole('link').first().innerText()).toBe('Test card.mp4')
  })

  it('remembers what was searched for, keeps it, and forgets it', async () => {
    await library()
    const page = current()
    await page.evaluate(() => {
      ;(globalThis as unknown as { location: { hash: string } }).location.hash = '#/search?q=a+clock+with+colours'
    })
    await page.getByTestId('search-result').first().waitFor()
    const past = page.getByRole('button', { name: 'Searches', exact: true })
    const line = page.getByRole('button', { name: /^a clock with colours/ })
    await past.click()
    await page.getByRole('button', { name: 'Keep the search: a clock with colours' }).click()
    await page
      .getByRole('button', { name: 'Forget all that are not kept' })
      .click({ timeout: 2000 })
      .catch(() => undefined)
    await line.waitFor()
    await page.getByRole('button', { name: 'Forget the search: a clock with colours' }).click()
    await line.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
  })

  it('is not told by a browser where dropped files lie, says so and asks', async () => {
    await fresh()
    const page = current()
    if (await page.evaluate(() => 'workbench' in globalThis)) return
    await page.evaluate(() => {
      const { DataTransfer, DragEvent, File, document } = globalThis as unknown as {
        DataTransfer: new () => { items: { add(file: unknown): void } }
        DragEvent: new (name: string, options: object) => unknown
        File: new (parts: string[], name: string) => unknown
        document: { body: { dispatchEvent(event: unknown): void } }
      }
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'dropped.mp4'))
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
    })
    const dialog = page.getByRole('dialog', { name: 'Open folder' })
    // It is also said to a screen reader.
    await page.getByText('A page in a browser is not told where dropped files lie').first().waitFor()
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('takes a video off the list without touching its file, and puts it back', async () => {
    await fresh()
    const page = current()
    await card('Fractal 5.webm').click()
    // Pictures of what is not in the list are refused.
    await poll(() =>
      inspector()
        .locator('img')
        .evaluateAll(
          images => images.filter(image => (image as unknown as { naturalWidth: number }).naturalWidth > 0).length,
        ),
    ).toBe(6)
    await page.keyboard.press('Delete')
    await count(`${videos().length - 1} videos`)
    await page.keyboard.press('Control+z')
    await count(`${videos().length} videos`)
    // It is there again with what was known of it.
    await card('Fractal 5.webm').getByText('Indexed').waitFor()
  })
}
