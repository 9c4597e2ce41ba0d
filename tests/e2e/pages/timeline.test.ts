import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../../../build/test-tools.mjs'
import { folderOfFile } from '../../support/folders.ts'
import { isWhole } from '../../support/sample.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { hosts, lfvila, patience, startServer } from '../support/product.ts'
import type { Product } from '../support/product.ts'

interface Told {
  readonly file: string
  readonly edited: boolean
  readonly sentences: { readonly text: string; readonly start: number; readonly end: number }[]
}

/** As a subtitle editor on Windows writes it, with a tag and two lines. */
const captions = [
  '1',
  '00:00:01,000 --> 00:00:03,000',
  'A <i>test card</i>',
  'with moving bars.',
  '',
  '2',
  '00:00:04,000 --> 00:00:06,000',
  'A counter runs in the middle.',
  '',
  '3',
  '00:00:08,000 --> 00:00:10,000',
  'The colours change.',
  '',
].join('\r\n')

/** A workspace with two indexed videos of 12 seconds at 20 frames a second, the first with captions. */
async function prepare(scratch: string) {
  const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'videos')]
  const [video, file] = [join(folder, 'clip.mp4'), join(folder, 'clip.srt')]
  await mkdir(workspace, { recursive: true })
  await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
  const codec = ['-c:v', 'libx264', '-g', '20', '-pix_fmt', 'yuv420p']
  await drawVideo(video, 'testsrc2=size=160x96:rate=20:duration=12', codec)
  await drawVideo(join(folder, 'plain.mp4'), 'testsrc=size=160x96:rate=20:duration=12', codec)
  await writeFile(file, captions)
  await lfvila(workspace, 'index', folder, '--dense')
  return { workspace, video, file }
}

/** What one does on the timeline of a page. */
function timelineOf(page: Page) {
  const lane = page.getByTestId('caption-lane')
  const spans = lane.getByRole('button')
  const poll = <Value>(ask: () => Promise<Value>) => expect.poll(ask)
  return {
    lane,
    poll,
    span: (number: number) => spans.nth(number - 1),
    state: () => page.getByTestId('caption-state'),
    /** As `0:01.000 – 0:03.000 · words`. */
    titles: () => spans.evaluateAll(all => all.map(one => (one as unknown as { title: string }).title)),
    time: () =>
      page.getByTestId('player').evaluate(player => (player as unknown as { currentTime: number }).currentTime),
    columns: async () => Number(await page.getByTestId('alignment-matrix').getAttribute('data-columns')),
    async go(video: number) {
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.evaluate(hash => {
        ;(globalThis as unknown as { location: { hash: string } }).location.hash = hash
      }, `#/alignment/${video}`)
    },
    async open() {
      await this.go(1)
      await spans.first().waitFor()
      await page.getByTestId('alignment-matrix').waitFor()
    },
    async drag(from: number, to: number, keys: { alt?: boolean } = {}) {
      const box = (await lane.boundingBox())!
      const x = (seconds: number) => box.x + (seconds / 12) * box.width
      await page.mouse.move(x(from), box.y + 10)
      await page.mouse.down()
      if (keys.alt) await page.keyboard.down('Alt')
      await page.mouse.move(x((from + to) / 2), box.y + 10)
      await page.mouse.move(x(to), box.y + 10)
      await page.mouse.up()
      if (keys.alt) await page.keyboard.up('Alt')
    },
    async seek(seconds: number) {
      await page.keyboard.press('Home')
      for (let second = 1; second <= seconds; second += 1) await page.keyboard.press('ArrowRight')
      await poll(() => this.time()).toBeCloseTo(seconds, 2)
    },
  }
}

describe.each(hosts.filter(host => host.missing === null))('the timeline in $name', host => {
  const scratch = folderOfFile('timeline')
  let product: Product
  let page: Page
  let workspace: string
  let file: string
  const complaints: string[] = []

  beforeAll(async () => {
    ;({ workspace, file } = await prepare(scratch))
    product = await host.open(workspace)
    ;({ page } = product)
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', error => complaints.push(error.message))
  }, 300_000)
  afterAll(() => product.close())

  it('edits by pointer and by keys; a reload keeps it all, and what can be undone; the file waits for Save', async () => {
    const timeline = timelineOf(page)
    const { poll, titles, span, state } = timeline
    await timeline.open()
    expect(await titles()).toEqual([
      '0:01.000 – 0:03.000 · A test card with moving bars.',
      '0:04.000 – 0:06.000 · A counter runs in the middle.',
      '0:08.000 – 0:10.000 · The colours change.',
    ])
    // An edge sticks to the next span, and a span is moved freely with Alt.
    await timeline.drag(2.98, 3.9)
    await poll(async () => (await titles())[0]).toBe('0:01.000 – 0:04.000 · A test card with moving bars.')
    await timeline.drag(9, 9.9, { alt: true })
    await poll(async () => (await titles())[2]).toMatch(/^0:08\.[89]\d\d – 0:10\.[89]\d\d/)
    await state().getByText('Edited, not saved to clip.srt').waitFor()

    // Marks, a new sentence between them, its words.
    await page.keyboard.press('Escape')
    await timeline.seek(6)
    await page.keyboard.press('i')
    await timeline.seek(8)
    await page.keyboard.press('o')
    await page.keyboard.press('n')
    await page.keyboard.type('Numbers & “signs” go by.')
    await page.keyboard.press('Enter')
    await poll(titles).toHaveLength(4)
    expect((await titles())[2]).toBe('0:06.000 – 0:08.000 · Numbers & “signs” go by.')
    // One frame of twenty a second later, twice; then its end.
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('d')
    await poll(async () => (await titles())[2]).toMatch(/^0:06\.100 – 0:08\.050/)
    // The matrix has what the timeline has.
    await poll(timeline.columns).toBe(4)

    await span(2).click()
    await timeline.seek(5)
    await page.keyboard.press('b')
    await poll(titles).toHaveLength(5)
    expect((await titles()).slice(1, 3)).toEqual([
      '0:04.000 – 0:05.000 · A counter runs',
      '0:05.000 – 0:06.000 · in the middle.',
    ])
    await poll(timeline.columns).toBe(5)
    await span(1).click()
    await page.keyboard.press('Delete')
    await poll(titles).toHaveLength(4)
    expect(await readFile(file, 'utf8')).toBe(captions)

    const before = await titles()
    await page.locator('[data-testid=caption-state][data-kept=true]').waitFor()
    await page.reload()
    await timeline.lane.waitFor()
    await poll(titles).toEqual(before)
    await state().getByText('Edited, not saved to clip.srt').waitFor()
    await page.keyboard.press('Control+z')
    await poll(titles).toHaveLength(5)
    await page.keyboard.press('Control+z')
    await poll(titles).toHaveLength(4)
    await page.keyboard.press('Control+Shift+z')
    await poll(titles).toHaveLength(5)
    await span(2).click()
    await page.keyboard.press('Shift+m')
    await poll(titles).toHaveLength(4)

    await page.keyboard.press('Control+s')
    await page.getByText('clip.srt was written; as it was before, it is kept as clip.srt.bak.').first().waitFor()
    await state().getByText('4 sentences from captions').waitFor()
    const written = (await readFile(file, 'utf8')).split('\r\n')
    // What was not edited stands as it stood; the third is new, so that the fourth is counted anew.
    expect(written.slice(0, 13)).toEqual([
      ...['1', '00:00:01,000 --> 00:00:04,000', 'A <i>test card</i>', 'with moving bars.', ''],
      ...['2', '00:00:04,000 --> 00:00:06,000', 'A counter runs in the middle.', ''],
      ...['3', '00:00:06,100 --> 00:00:08,050', 'Numbers & “signs” go by.', ''],
    ])
    expect(written[13]).toBe('4')
    expect(written.slice(15)).toEqual(['The colours change.', ''])
    expect(await readFile(`${file}.bak`, 'utf8')).toBe(captions)
  })

  it('asks before it writes over a file that others have changed, and takes what that says', async () => {
    const timeline = timelineOf(page)
    const { poll, titles, span } = timeline
    await timeline.open()
    const count = (await titles()).length
    await span(1).dblclick()
    await page.getByRole('textbox', { name: 'Words of the sentence' }).fill('Bars move.')
    await page.getByRole('textbox', { name: 'Begins at' }).fill('0:00.5')
    await page.getByRole('textbox', { name: 'Begins at' }).press('Enter')
    await page.keyboard.press('Escape')
    await poll(async () => (await titles())[0]).toMatch(/^0:00\.500 – 0:0[34]\.000 · Bars move\.$/)
    const theirs = captions.replace('The colours change.', 'The colours go.')
    await writeFile(file, theirs)
    await page.getByRole('button', { name: 'Save captions' }).click()
    const dialog = page.getByRole('dialog', { name: 'The caption file has changed' })
    await dialog.waitFor()
    expect(await readFile(file, 'utf8')).toBe(theirs)
    await dialog.getByRole('button', { name: 'Take what the file says now' }).click()
    await dialog.waitFor({ state: 'detached' })
    await poll(titles).toHaveLength(3)
    await page.keyboard.press('Control+z')
    await poll(titles).toHaveLength(count)
    await page.getByRole('button', { name: 'Captions as the file has them' }).click()
    await poll(titles).toHaveLength(3)
  })

  it('makes captions of a paragraph where the model finds each sentence, and takes its proposals', async () => {
    const timeline = timelineOf(page)
    const { poll, titles, state } = timeline
    const plain = join(scratch, 'videos', 'plain.mp4')
    await timeline.go(2)
    await page.getByRole('textbox', { name: 'Paragraph' }).fill('Bars move.\nA counter runs.\nThe colours change.')
    await page.getByRole('button', { name: 'Align', exact: true }).click()
    await page.getByRole('button', { name: 'Make captions' }).click()
    await state().getByText('Not saved to a file').waitFor()
    await poll(timeline.columns).toBe(3)
    await poll(titles).not.toEqual([])
    const proposed = await lfvila<Told>(workspace, 'captions', plain)
    expect(proposed.sentences.map(({ text }) => text).sort()).toEqual([
      'A counter runs.',
      'Bars move.',
      'The colours change.',
    ])
    const first = proposed.sentences.findIndex(({ start }) => start !== null)
    // Moved away from where the model finds it, and put back there.
    await timeline.span(first + 1).click()
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('d')
    // By its words: sentences are listed in the order of their times.
    const moved = proposed.sentences[first]
    const there = async () =>
      (await lfvila<Told>(workspace, 'captions', plain)).sentences.find(({ text }) => text === moved?.text)
    await poll(there).not.toEqual(moved)
    await page.keyboard.press('p')
    await poll(there).toEqual(moved)
  })

  it('zooms, with an overview of the whole, and every button has its key in the sheet', async () => {
    const timeline = timelineOf(page)
    await timeline.open()
    // A keyframe every second of the video, and an edge that is let go beside one.
    await page.getByRole('button', { name: 'Snap to keyframes' }).click()
    await page.locator('[data-testid=clip-marks][data-keyframes="12"]').waitFor()
    const last = (await timeline.titles()).length - 1
    await timeline.drag(9.98, 11.08)
    await timeline.poll(async () => (await timeline.titles())[last]).toMatch(/^0:08\.000 – 0:11\.000/)
    await page.keyboard.press('Control+z')
    await page.getByRole('button', { name: 'Snap to keyframes' }).click()
    await page.getByRole('heading', { name: 'Alignment' }).click()
    await page.keyboard.press('=')
    await page.keyboard.press('=')
    const overview = page.getByTestId('timeline-overview')
    await overview.waitFor()
    await timeline.span(1).click()
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Control+z')
    await overview.focus()
    await page.keyboard.press('End')
    await timeline.poll(() => overview.getAttribute('aria-valuetext')).toMatch(/–0:12$/)
    await page.getByRole('heading', { name: 'Alignment' }).click()
    await page.keyboard.press('z')
    await overview.waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Split at the playhead').waitFor()
    await page.keyboard.press('Escape')
    expect(complaints).toEqual([])
  })
})

it.runIf(isWhole && findChromium() !== null)(
  'edits survive that the program is killed, and the command line saves them',
  async () => {
    const { workspace, video, file } = await prepare(folderOfFile('timeline-killed'))
    const server = await startServer(workspace)
    const browser = await chromium.launch({ executablePath: findChromium() ?? undefined })
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
      page.setDefaultTimeout(patience)
      await page.goto(server.url)
      const timeline = timelineOf(page)
      await timeline.open()
      await timeline.drag(2.98, 3.9)
      await timeline.state().getByText('Edited, not saved to clip.srt').waitFor()
      await page.locator('[data-testid=caption-state][data-kept=true]').waitFor()
      server.process.kill('SIGKILL')
    } finally {
      await browser.close()
    }
    expect(await lfvila<Told>(workspace, 'captions', video)).toMatchObject({
      file,
      edited: true,
      sentences: [{ start: 1, end: 4 }, { start: 4 }, { start: 8 }],
    })
    expect(await readFile(file, 'utf8')).toBe(captions)
    expect(await lfvila(workspace, 'captions', video, '--save')).toMatchObject({
      outcome: 'saved',
      backup: `${file}.bak`,
    })
    expect(await readFile(file, 'utf8')).toBe(captions.replace('00:00:03,000', '00:00:04,000'))
  },
)
