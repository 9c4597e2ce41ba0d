import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { findChromium } from '../../../build/test-tools.mjs'
import { folderOfFile } from '../../support/folders.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { lfvila, patience, startServer } from '../support/product.ts'

interface Told {
  readonly name: string
  readonly spans: readonly { readonly text: string; readonly start: number; readonly end: number }[]
}

/** A session as ELAN writes it: two annotations with a gap between them, one without words, and a tier without any. */
const session = `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///D:/field/clip.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./clip.mp4"/>
  </HEADER>
  <TIME_ORDER>
    ${[1000, 2500, 4000, 5000, 7000, 8000].map((time, at) => `<TIME_SLOT TIME_SLOT_ID="ts${at + 1}" TIME_VALUE="${time}"/>`).join('')}
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="speech">
    ${['good morning', 'who is there?', '']
      .map(
        (text, at) =>
          `<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a${at + 1}" TIME_SLOT_REF1="ts${2 * at + 1}" TIME_SLOT_REF2="ts${2 * at + 2}"><ANNOTATION_VALUE>${text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>`,
      )
      .join('')}
  </TIER>
  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="gaze"/>
  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>`

/** A row of the timeline by its name. */
function rowOf(page: Page, name: string) {
  const lane = page.getByRole('group', { name, exact: true })
  const spans = lane.getByRole('button')
  const kept = () => page.locator('[data-testid=tier-state][data-kept=true]').waitFor()
  return {
    lane,
    spans,
    kept,
    titles: () => spans.evaluateAll(all => all.map(one => (one as unknown as { title: string }).title)),
    async drag(from: number, to: number) {
      const box = (await lane.boundingBox())!
      const x = (seconds: number) => box.x + (seconds / 12) * box.width
      await page.mouse.move(x(from), box.y + 10)
      await page.mouse.down()
      await page.mouse.move(x((from + to) / 2), box.y + 10)
      await page.mouse.move(x(to), box.y + 10)
      await page.mouse.up()
    },
  }
}

it.skipIf(findChromium() === null)(
  'a tier of one’s own: made, drawn, split, undone, kept when the program is killed, written and read again',
  async () => {
    const scratch = folderOfFile('tiers')
    const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'videos')]
    const [video, captions] = [join(folder, 'clip.mp4'), '1\n00:00:01,000 --> 00:00:03,000\nBars move.\n']
    await mkdir(workspace, { recursive: true })
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
    await drawVideo(video, 'testsrc2=size=160x96:rate=20:duration=12', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'])
    await writeFile(join(folder, 'clip.srt'), captions)
    await lfvila(workspace, 'index', folder)
    const eaf = join(scratch, 'field.eaf')
    await writeFile(eaf, session)
    const written = join(workspace, 'exports', 'clip-spans.csv')
    const server = await startServer(workspace)
    const browser = await chromium.launch({ executablePath: findChromium() ?? undefined })
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
      page.setDefaultTimeout(patience)
      await page.goto(server.url)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.evaluate(() => {
        ;(globalThis as unknown as { location: { hash: string } }).location.hash = '#/alignment/1'
      })
      await page.getByTestId('caption-lane').getByRole('button').first().waitFor()

      await page.keyboard.press('t')
      await page.getByRole('textbox', { name: 'Name of the tier' }).fill('gestures')
      await page.keyboard.press('Enter')
      const row = rowOf(page, 'gestures')
      // Drawn on the row; its end sticks to where the sentence ends.
      await row.drag(2, 2.98)
      await page.keyboard.type('points')
      await page.keyboard.press('Enter')
      await expect.poll(row.titles).toEqual([expect.stringMatching(/^0:0[12]\.\d\d\d – 0:03\.000 · points$/)])
      // The next by marks, then in two; the label is whole in both.
      await page.keyboard.press('Escape')
      const seek = async (seconds: number) => {
        await page.keyboard.press('Home')
        for (let second = 1; second <= seconds; second += 1) await page.keyboard.press('ArrowRight')
        await expect
          .poll(() =>
            page.getByTestId('player').evaluate(player => (player as unknown as { currentTime: number }).currentTime),
          )
          .toBeCloseTo(seconds, 2)
      }
      await seek(6)
      await page.keyboard.press('i')
      await seek(10)
      await page.keyboard.press('o')
      await page.keyboard.press('n')
      await page.keyboard.type('waves both hands')
      await page.keyboard.press('Enter')
      await seek(8)
      await page.keyboard.press('b')
      await expect
        .poll(async () => (await row.titles()).slice(1))
        .toEqual(['0:06.000 – 0:08.000 · waves both hands', '0:08.000 – 0:10.000 · waves both hands'])
      await page.keyboard.press('Control+z')
      await expect.poll(row.titles).toHaveLength(2)
      await page.keyboard.press('Control+Shift+z')
      await expect.poll(row.titles).toHaveLength(3)
      await row.kept()

      // A reload shows the same tier; a span is jumped to from the list.
      const before = await row.titles()
      await page.reload()
      await expect.poll(row.titles).toEqual(before)
      const panel = page.getByRole('region', { name: 'Tier', exact: true })
      await panel.getByRole('button', { name: /8\.0 – 0:10\.0/ }).click()
      await expect
        .poll(() =>
          page.getByTestId('player').evaluate(player => (player as unknown as { currentTime: number }).currentTime),
        )
        .toBeCloseTo(8, 2)

      // Removed and put back by Ctrl+Z, spans and all.
      await panel.getByRole('button', { name: 'Remove the tier' }).click()
      await row.lane.waitFor({ state: 'detached' })
      await page.keyboard.press('Control+z')
      await expect.poll(row.titles).toEqual(before)
      await panel.getByRole('button', { name: 'Rename the tier' }).click()
      await page.keyboard.type('hands')
      await page.keyboard.press('Enter')
      const hands = rowOf(page, 'hands')
      await expect.poll(hands.titles).toEqual(before)

      await panel.getByRole('button', { name: 'Write spans to a file' }).click()
      await page.getByRole('button', { name: 'CSV' }).click()
      await page.getByRole('button', { name: 'Write', exact: true }).click()
      await page.getByTestId('tiers-written').waitFor()
      await page.keyboard.press('Escape')
      await hands.lane.waitFor()
      await hands.spans.first().click()
      await page.keyboard.press('Delete')
      await expect.poll(hands.titles).toHaveLength(2)
      await hands.kept()

      // From a session of ELAN: a file that is not there is said, then its tiers are shown and one is taken.
      await page.keyboard.press('t')
      const dialog = page.getByRole('dialog', { name: 'Add a tier' })
      await dialog.getByText('From ELAN').click()
      const path = dialog.getByRole('textbox', { name: 'Session (.eaf)' })
      await path.fill(join(scratch, 'none.eaf'))
      await path.press('Enter')
      await dialog.getByText(/none\.eaf is not there: it was deleted, moved or renamed/).waitFor()
      await path.fill(eaf)
      await dialog.getByRole('button', { name: 'Show its tiers' }).click()
      const boxes = dialog.getByRole('checkbox')
      const taken = () => boxes.evaluateAll(all => all.map(box => (box as unknown as { checked: boolean }).checked))
      await expect.poll(taken).toEqual([true])
      await dialog.getByText('2 spans · 1 left out: without text or times, or after the end').waitFor()
      await dialog.getByRole('button', { name: 'Take', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      const speech = rowOf(page, 'speech')
      await expect
        .poll(speech.titles)
        .toEqual(['0:01.000 – 0:02.500 · good morning', '0:04.000 – 0:05.000 · who is there?'])
      await page.getByRole('region', { name: 'Tier', exact: true }).getByRole('heading', { name: 'speech' }).waitFor()
      server.process.kill('SIGKILL')
    } finally {
      await browser.close()
    }
    const waves = { text: 'waves both hands', start: 6, end: 8 }
    expect(await lfvila<Told[]>(workspace, 'tiers', video)).toEqual([
      { name: 'hands', spans: [waves, { ...waves, start: 8, end: 10 }] },
      {
        name: 'speech',
        spans: [
          { text: 'good morning', start: 1, end: 2.5 },
          { text: 'who is there?', start: 4, end: 5 },
        ],
      },
    ])
    // The table is labelled data; the session of ELAN is read as further tiers. The captions are untouched.
    const again = ['dataset', 'export', written, '--videos', folder, '--as', 'csv', '--out', join(scratch, 'again.csv')]
    expect(await lfvila(workspace, ...again)).toMatchObject({ spans: 3, untimed: 0, problems: [] })
    expect(await readFile(written, 'utf8')).toContain('clip.mp4,6,8,waves both hands,hands')
    const out = join(scratch, 'clip.eaf')
    await lfvila(workspace, 'tiers', video, '--as', 'elan', '--out', out)
    expect(await lfvila(workspace, 'tiers', video, '--read', out)).toEqual({
      tiers: [
        { name: 'speech 2', spans: 2, left: 0 },
        { name: 'hands 2', spans: 2, left: 0 },
      ],
      note: null,
    })
    expect(await readFile(join(folder, 'clip.srt'), 'utf8')).toBe(captions)
  },
)
