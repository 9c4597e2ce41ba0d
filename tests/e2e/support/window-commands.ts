import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'

export interface WindowBench {
  readonly page: () => Page
  readonly videos: () => readonly string[]
  /** Goes to Library, where every video is shown and indexed. */
  readonly library: () => Promise<void>
  /** Sees to it that a video is aligned. */
  readonly aligned: () => Promise<unknown>
}

/** What works from the whole window: the palette, keys, and the language. */
export function windowCommands({ page, videos, library, aligned }: WindowBench): void {
  const go = (name: string) =>
    page().getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()
  const heading = (name: string) => page().getByRole('heading', { name, level: 1, exact: true })

  it('reaches actions, settings, videos and scenes from the palette', async () => {
    await library()
    const palette = page().getByTestId('palette')
    const type = async (text: string) => {
      await page().keyboard.press('Control+k')
      await palette.getByRole('textbox').fill(text)
    }
    const options = palette.getByRole('option')

    await type('go to mod')
    await expect.poll(() => options.first().innerText()).toMatch(/^Go to Models/)
    await page().keyboard.press('Enter')
    await heading('Models').waitFor()
    expect(await palette.count()).toBe(0)

    await type('dense sampling')
    await options.filter({ hasText: 'Dense sampling rate' }).click()
    await heading('Settings').waitFor()
    const rate = page().getByRole('spinbutton', { name: 'Dense sampling rate' })
    await expect.poll(() => rate.evaluate(field => field === field.ownerDocument.activeElement)).toBe(true)

    // What is no name of anything is looked for in the library.
    await type('a car drives along the road')
    await page().keyboard.press('Enter')
    await heading('Search').waitFor()
    await expect
      .poll(() => page().getByRole('textbox', { name: 'Paragraph' }).inputValue())
      .toBe('a car drives along the road')

    const name = (videos()[0] ?? '').split('/').at(-1) ?? ''
    await type(name)
    // Until the library has answered, searching for it is the first.
    await expect.poll(() => options.first().innerText()).toMatch(new RegExp(`^${name}`))
    await page().keyboard.press('Enter')
    await heading('Alignment').waitFor()
    await page().getByText(name).first().waitFor()
  })

  it('is used by keys from the whole page, which can be changed', async () => {
    await aligned()
    await go('Alignment')
    const time = () =>
      page()
        .getByTestId('player')
        .evaluate(player => (player as unknown as { currentTime: number }).currentTime)
    await heading('Alignment').click()
    await page().keyboard.press('Home')
    await expect.poll(time).toBe(0)
    await page().keyboard.press('ArrowRight')
    await expect.poll(time).toBeCloseTo(1, 1)

    await page().keyboard.press('?')
    const sheet = page().getByRole('dialog', { name: 'Keys' })
    await sheet.getByText('Next frame').waitFor()
    await page().keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })

    await page().keyboard.press('g')
    await page().keyboard.press('e')
    await heading('Evaluate').waitFor()

    await go('Settings')
    const toLibrary = page().getByRole('button', { name: 'Change the key of: Go to Library' })
    await toLibrary.click()
    await page().keyboard.press('b')
    await expect.poll(() => toLibrary.innerText()).toBe('B')
    await page().reload()
    await heading('Settings').waitFor()
    await page().keyboard.press('b')
    await heading('Library').waitFor()
    // In a field it is a letter.
    const filter = page().getByRole('searchbox', { name: 'Filter by name or caption' })
    await filter.pressSequentially('b?')
    expect(await filter.inputValue()).toBe('b?')
    await filter.fill('')
  })

  it('speaks Chinese as soon as it is chosen, also after a reload, and English again', async () => {
    await go('Settings')
    await page().getByRole('group', { name: 'Language' }).getByText('中文').click()
    await heading('设置').waitFor()
    const nav = page().getByRole('navigation', { name: '页面' })
    expect(await nav.getByRole('link').allInnerTexts()).toEqual(expect.arrayContaining(['视频库', '检索', '微调']))
    expect(await page().locator('html').getAttribute('lang')).toBe('zh-CN')
    await page().reload()
    await heading('设置').waitFor()
    await page().keyboard.press('Control+k')
    const palette = page().getByTestId('palette')
    await palette.getByRole('textbox').fill('english')
    await palette.getByRole('option').filter({ hasText: '语言：English' }).click()
    await heading('Settings').waitFor()
    expect(await page().locator('html').getAttribute('lang')).toBe('en')
  })
}
