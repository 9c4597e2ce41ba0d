import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNpy } from '../../../main/verify/npy.ts'
import { importing, writeTinyModel } from '../../promises/support/tiny-model.ts'
import { folderOfFile } from '../../support/folders.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

const long =
  'A counter runs in the middle of a test card whose bars move from the left to the right while the numbers below them go up.'
const captions = [
  '1',
  '00:00:01,000 --> 00:00:05,000',
  long,
  '',
  '2',
  '00:00:06,000 --> 00:00:10,000',
  'Done.',
  '',
].join('\n')

/** A workspace with an indexed video of 12 seconds whose captions have a sentence longer than a column. */
async function prepare(scratch: string) {
  const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'videos')]
  await mkdir(workspace, { recursive: true })
  await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu' }))
  const video = join(folder, 'card.mp4')
  const codec = ['-c:v', 'libx264', '-g', '20', '-pix_fmt', 'yuv420p']
  await drawVideo(video, 'testsrc2=size=160x96:rate=20:duration=12', codec)
  await writeFile(join(folder, 'card.srt'), captions)
  await lfvila(workspace, 'index', folder, '--dense')
  const model = await writeTinyModel(scratch, 'pretrain-stage2')
  await lfvila(workspace, ...importing(model, 'reads'), '--kind', 'pretrain-stage2')
  const other = await writeTinyModel(scratch, 'qa-multichoice')
  await lfvila(workspace, ...importing(other, 'answers'), '--kind', 'qa-multichoice')
  return { workspace, video }
}

describe.each(hosts.filter(host => host.missing === null && host.name.includes('Chromium')))(
  'what leaves the window in $name',
  host => {
    const scratch = folderOfFile('figures')
    let product: Product
    let page: Page
    let video: string
    const complaints: string[] = []

    beforeAll(async () => {
      const { workspace, video: drawn } = await prepare(scratch)
      video = drawn
      product = await host.open(workspace)
      ;({ page } = product)
      page.on('console', message => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', error => complaints.push(error.message))
    }, 300_000)
    afterAll(() => product.close())

    async function go(hash: string) {
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.evaluate(to => {
        ;(globalThis as unknown as { location: { hash: string } }).location.hash = to
      }, hash)
    }

    /** The file that something gives, where it was saved. */
    async function saved(act: () => Promise<void>): Promise<string> {
      const [download] = await Promise.all([page.waitForEvent('download'), act()])
      const path = join(scratch, download.suggestedFilename())
      await download.saveAs(path)
      return path
    }

    const within = (label: string) => page.getByRole('region', { name: label, exact: true })
    const item = (name: string) => page.getByRole('menuitem', { name, exact: true })
    const dialog = () => page.getByRole('dialog')

    it('sets the alignment as a figure whose size, colours and words are as chosen, as SVG and as PNG', async () => {
      await go('#/alignment/1')
      await page.getByTestId('alignment-matrix').waitFor()
      await within('Clips × sentences').getByRole('button', { name: 'Export' }).click()
      await item('Figure…').click()
      await page.getByTestId('figure').waitFor()
      await dialog().getByLabel('Width').fill('84')
      await dialog().getByLabel('Colours from').fill('-1')
      await page.getByTestId('figure-size').getByText('84mm').waitFor()
      const svg = await readFile(await saved(() => dialog().getByRole('button', { name: 'Save SVG' }).click()), 'utf8')
      expect(svg).toContain('width="84mm"')
      const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)
      expect(texts.join(' ')).toContain(long)
      expect(texts).toContain('−1.00')
      // White paper whatever the theme, the clips' pictures within the file, and nothing asked for elsewhere.
      expect(svg).toContain('fill="#ffffff"')
      expect(svg).toContain('href="data:image/jpeg;base64,')
      const metadata = /<metadata>(.*)<\/metadata>/.exec(svg)?.[1]?.replaceAll('&quot;', '"') ?? ''
      const provenance = JSON.parse(metadata) as Record<string, unknown>
      expect(provenance).toMatchObject({
        videos: [{ path: video, contentId: expect.stringMatching(/./) }],
        model: { id: 'starter', hash: expect.stringMatching(/./) },
        sampling: 'fast',
        colours: { min: -1, palette: 'teal' },
      })

      const png = await readFile(await saved(() => dialog().getByRole('button', { name: 'Save PNG' }).click()))
      // 84 mm at 300 dpi.
      expect(png.readUInt32BE(16)).toBe(992)
      expect(png.includes(`Provenance\0{"software":"LF-VILA Workbench`)).toBe(true)
      await page.keyboard.press('Escape')
    })

    it('gives the arrays with paths and times', async () => {
      await within('Clips × sentences').getByRole('button', { name: 'Export' }).click()
      const npy = await readNpy(await saved(() => item('Similarity as NPY').click()))
      const clips = Number(await page.getByTestId('alignment-matrix').getAttribute('data-rows'))
      expect(npy.shape).toEqual([clips, 2])

      await within('Clips × sentences').getByRole('button', { name: 'Export' }).click()
      const vectors = await readNpy(await saved(() => item('Embeddings of clips as NPY').click()))
      const [count = 0, dimension = 0] = vectors.shape
      expect(count).toBe(clips)
      const first = [...vectors.data.slice(0, dimension)]
      expect(first.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4)

      await go('#/search')
      await page.getByRole('textbox').first().fill('A counter runs.')
      await page.keyboard.press('Control+Enter')
      await page.getByTestId('search-result').first().waitFor()
      await page.getByRole('main').getByRole('button', { name: 'Export' }).click()
      const csv = await readFile(await saved(() => item('Scores of the results as CSV').click()), 'utf8')
      expect(csv.split('\r\n')[0]).toBe('rank,path,start,end,cosine')
      expect(csv).toContain(`\r\n1,${video},0,12,`)
    })

    it('sets search results, temporal windows and the view from a patch', async () => {
      await page.getByRole('main').getByRole('button', { name: 'Export' }).click()
      await item('Figure…').click()
      await page.getByTestId('figure').waitFor()
      await page.keyboard.press('Escape')

      await go('#/attention/1')
      await page.getByTestId('frame-strip').waitFor()
      await within('Temporal windows').getByRole('button', { name: 'Export' }).click()
      await item('Figure…').click()
      await page.getByTestId('figure').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'patch', exact: true }).click()
      await page.getByRole('application').click()
      await page.getByLabel('Frames of the temporal window').waitFor()
      const heat = within('Frame × frame').getByRole('button', { name: 'Export' })
      await heat.click()
      await item('Figure…').click()
      await page.getByTestId('figure').waitFor()
      await page.keyboard.press('Escape')
      await heat.click()
      const weights = await readNpy(await saved(() => item('Weights from the patch as NPY').click()))
      const [heads = 0, ...places] = weights.shape
      expect(places).toHaveLength(3)
      // Each head's weights over all patches of the window are a softmax.
      expect([...weights.data].reduce((sum, value) => sum + value, 0)).toBeCloseTo(heads, 3)
    })

    it('shows which words and frames attend to each other, the same from a link, and gives it as an array', async () => {
      await go('#/attention/1')
      await page.getByLabel('What looks at what').getByText('Words', { exact: true }).click()
      // The starter reads text and video apart.
      const apart = page.getByTestId('apart')
      await apart.getByText(/starter reads text and video apart/).waitFor()
      await apart.getByRole('button', { name: 'reads', exact: true }).click()
      const words = page.getByTestId('word-list').getByRole('option')
      const bars = page.getByTestId('frame-bars').getByRole('option')
      await words.first().waitFor()
      // The captions' words that the tiny vocabulary has not are [UNK].
      const count = await words.count()
      expect(await words.nth(2).innerText()).toBe('a')
      expect(await bars.count()).toBe(4)
      const share = async (bar: number) => Number(/([\d.]+) %$/.exec((await bars.nth(bar).getAttribute('title'))!)?.[1])
      const before = [await share(0), await share(1), await share(2), await share(3)]

      await page.getByRole('combobox', { name: 'Layer' }).click()
      await page.getByRole('option', { name: /^layer 1 / }).click()
      await expect
        .poll(async () => [await share(0), await share(1), await share(2), await share(3)])
        .not.toEqual(before)
      await words.nth(3).click()
      await bars.nth(2).click()
      await page.getByText(/^From frame 3 at /).waitFor()
      await expect.poll(() => page.url()).toMatch(/layer=1.*word=4.*frame=3/)
      const chosen = await bars.nth(2).getAttribute('title')
      await page.reload()
      await page.getByText(/^From frame 3 at /).waitFor()
      expect(await bars.nth(2).getAttribute('title')).toBe(chosen)
      expect(await words.nth(3).getAttribute('aria-selected')).toBe('true')

      const pane = within('Words × words')
      await pane.getByRole('button', { name: 'Export' }).click()
      const npy = await readNpy(await saved(() => item('Words and frames as NPY').click()))
      expect(npy.shape).toEqual([count + 4, count + 4])
      for (let row = 0; row < count + 4; row++) {
        const weights = [...npy.data.slice(row * (count + 4), (row + 1) * (count + 4))]
        expect(weights.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4)
      }
      await pane.getByRole('button', { name: 'Export' }).click()
      await item('Figure…').click()
      await page.getByTestId('figure').waitFor()
      await page.keyboard.press('Escape')

      await page.getByRole('textbox', { name: 'Text' }).fill('A red film.')
      await page.keyboard.press('Enter')
      await expect.poll(() => words.count()).toBeLessThan(count)
      await expect.poll(() => page.url()).toContain('text=A+red+film.')

      // Another model that reads both, beside it.
      await page.getByRole('combobox', { name: 'Compare with' }).click()
      await page.getByRole('option', { name: 'answers', exact: true }).click()
      const two = page.getByRole('region', { name: 'Two models' })
      await two.getByRole('img', { name: /^answers, layer 1: / }).waitFor()
      await two.getByRole('img', { name: /^reads, layer 1: / }).hover()
      await two.getByText(/^“.*” · “.*”: 0\.\d+/).waitFor()
      // A model that answers reads the text with other marks around it.
      await two.getByText('reads and answers read the text as other words').waitFor()
      await page.reload()
      await two.getByRole('img', { name: /^answers, layer 1: / }).waitFor()
      await two.getByRole('button', { name: 'Close the comparison' }).click()
      await words.first().waitFor()
    })

    it('complained of nothing', () => {
      expect(complaints).toEqual([])
    })
  },
)
