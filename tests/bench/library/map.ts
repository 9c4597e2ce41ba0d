import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../../../build/test-tools.mjs'
import { Library } from '../../../main/library/videos/library.ts'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { openWorkbench } from '../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../main/workbench/workbench.ts'
import { normalStream } from '../../../native-models/starter/random.ts'
import { startServer } from '../../e2e/support/product.ts'
import { info } from '../../unit/library/open-library.ts'
import { frameMeter, high } from '../frames.ts'
import type { Frames } from '../frames.ts'
import { median } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

const count = 100_000
const dimension = 256
const clusters = 200
const contentId = 'one-long-video'
const subject = 'clips'

/** The map of 100,000 clips: how long it takes, and how it moves in a real Chromium (`npm run build` first). */
export async function benchMap(): Promise<BenchResult> {
  const workspace = await mkdtemp(join(tmpdir(), 'lfvila-bench-map-'))
  try {
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu', precision: 'fp32' }))
    await withWorkbench(workspace, workbench => fill(workspace, workbench))
    const computed = await withWorkbench(workspace, compute)
    return { rows: [...computed, ...(await frames(workspace))] }
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

async function withWorkbench<Result>(
  workspace: string,
  use: (workbench: Workbench) => Promise<Result>,
): Promise<Result> {
  const workbench = await openWorkbench({ host: 'cli', version: 'bench', workspace, demo: false, runJobs: true })
  try {
    return await use(workbench)
  } finally {
    await workbench.close()
  }
}

/** One video with as many clips, around as many centres: what is drawn does not know how many files there are. */
async function fill(workspace: string, { client }: Workbench): Promise<void> {
  const [{ hash, video }, settings] = await Promise.all([client.models.info({ id: 'starter' }), client.app.settings()])
  const key = embeddingKeys({ hash, frames: video.frames }, settings).dense
  const normal = normalStream(1)
  const centres = Array.from({ length: clusters }, () => Float32Array.from({ length: dimension }, normal))
  const rows = Array.from({ length: count }, (_, at) => ({
    segment: at >> 2,
    clip: at & 3,
    start: 4 * at,
    end: 4 * at + 4,
    vector: centres[at % clusters]!.map(value => value + 0.7 * normal()),
  }))
  const database = openDatabase(join(workspace, 'library.db'))
  const store = await VectorStore.open(join(workspace, 'vectors'))
  const library = new Library(database, { probe: async () => info })
  const file = { path: '/videos/one.mp4', size: 1, modifiedNs: 0n }
  library.records.add(null, file)
  library.records.markReady(library.records.byPath(file.path)!.id, {
    file,
    contentId,
    info: { ...info, duration: 4 * count },
  })
  await store.replace({ pass: 'dense', key, contentId }, rows)
  new EmbeddingLedger(database).record({ contentId, key, pass: 'dense', modelHash: hash, rows: count })
  library.close()
  await store.close()
  database.close()
}

async function compute(workbench: Workbench): Promise<BenchRow[]> {
  const { client } = workbench
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const used = process.cpuUsage()
  const processor = () =>
    Object.values(process.cpuUsage(used)).reduce((sum, microseconds) => sum + microseconds / 1e6, 0)
  let first: { readonly seconds: number; readonly processor: number } | null = null
  const watch = setInterval(async () => {
    if (first === null && (await client.map.get({ subject })).map !== null) {
      first = { seconds: seconds(), processor: processor() }
    }
  }, 200)
  const { jobId } = await client.map.start({ subject })
  const { state, problem } = await workbench.waitForJob(jobId)
  clearInterval(watch)
  if (state !== 'succeeded') throw new Error(problem ?? `The map was not computed: ${state}`)
  const row = (name: string, took: { readonly seconds: number; readonly processor: number } | null): BenchRow => ({
    name,
    value: took?.seconds ?? NaN,
    unit: 's',
    note: `${count.toLocaleString('en')} embeddings of ${dimension} numbers; ${took?.processor.toFixed(0)} s of a core, with reading them`,
  })
  return [row('map by principal components', first), row('map by UMAP', { seconds: seconds(), processor: processor() })]
}

async function frames(workspace: string): Promise<BenchRow[]> {
  const path = findChromium()
  if (!path) return []
  const server = await startServer(workspace)
  const browser = await chromium.launch({ executablePath: path })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(server.url, { timeout: 0 })
    await page.getByRole('link', { name: 'Map', exact: true }).click()
    await page.getByText('Clips', { exact: true }).click()
    const map = page.getByTestId('map')
    await map.waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: 'Pictures' }).click()
    const renderer = await page.evaluate<string>(rendererScript)
    const { x, y, width, height } = (await map.boundingBox())!
    const [middleX, middleY] = [x + width / 2, y + height / 2]
    const measure = await frameMeter(page)
    const idle = await measure(async () => void (await page.waitForTimeout(2000)))
    const panning = await measure(async () => {
      await page.mouse.move(middleX, middleY)
      await page.mouse.down()
      for (let at = 0; at < 120; at++) await page.mouse.move(middleX + 150 * Math.sin(at / 12), middleY + at / 3)
      await page.mouse.up()
    })
    const zooming = await measure(async () => {
      for (let at = 0; at < 60; at++) await page.mouse.wheel(0, at < 30 ? -40 : 40)
    })
    const row = (name: string, { intervals }: Frames) => {
      const still = `nothing moving: ${median(idle.intervals).toFixed(0)} ms`
      const note = `95 of 100 within ${high(intervals).toFixed(0)} ms; ${still}; ${renderer}`
      return {
        name: `a frame of ${count.toLocaleString('en')} points, ${name}`,
        value: median(intervals),
        unit: 'ms',
        note,
      }
    }
    return [
      row('moved', panning),
      row('zoomed', zooming),
      {
        name: 'the page’s own work for such a frame',
        value: panning.busy / panning.intervals.length,
        unit: 'ms',
        note: 'its main thread, without drawing',
      },
    ]
  } finally {
    await browser.close()
    await server.stop()
  }
}

const rendererScript = `(() => {
  const gl = document.createElement('canvas').getContext('webgl2')
  const names = gl?.getExtension('WEBGL_debug_renderer_info')
  return gl && names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : 'canvas'
})()`
