import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../../../build/test-tools.mjs'
import { embeddingKeys } from '../../../main/retrieval/vectors/embedding-key.ts'
import { EmbeddingLedger } from '../../../main/retrieval/vectors/embedding-ledger.ts'
import { VectorStore } from '../../../main/retrieval/vectors/vectors.ts'
import { openDatabase } from '../../../main/storage/database.ts'
import { openWorkbench } from '../../../main/workbench/workbench.ts'
import { normalStream } from '../../../native-models/starter/random.ts'
import { startServer } from '../../e2e/support/product.ts'
import { drawVideo } from '../../support/videos/ffmpeg.ts'
import { frameMeter, high, scriptTime } from '../frames.ts'
import { median } from '../result.ts'
import type { BenchResult, BenchRow } from '../result.ts'

const sentences = 3000
const clips = 300
const duration = 2 * sentences
/** What the starter makes of a clip. */
const dimension = 96
const steps = 60

/** Zooming a timeline of 3,000 sentences in a real Chromium (`npm run build` first). */
export async function benchTimeline(): Promise<BenchResult> {
  const path = findChromium()
  if (!path) return { rows: [] }
  const scratch = await mkdtemp(join(tmpdir(), 'lfvila-bench-timeline-'))
  try {
    const workspace = await prepare(scratch)
    return { rows: await zoom(workspace, path) }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** A video of 100 minutes with a sentence every two seconds, and clips as the model in use would have made them. */
async function prepare(scratch: string): Promise<string> {
  const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'videos')]
  await mkdir(workspace, { recursive: true })
  await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu', precision: 'fp32' }))
  await drawVideo(join(folder, 'long.mp4'), `testsrc=size=64x36:rate=2:duration=${duration}`, [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
  ])
  const captions = Array.from({ length: sentences }, (_, at) =>
    [at + 1, `${stamp(2 * at)} --> ${stamp(2 * at + 1.8)}`, `Somebody says sentence number ${at + 1}.`, ''].join('\n'),
  )
  await writeFile(join(folder, 'long.srt'), captions.join('\n'))
  const workbench = await openWorkbench({ host: 'cli', version: 'bench', workspace, demo: false, runJobs: true })
  let key = ''
  let modelHash = ''
  try {
    const { client } = workbench
    const { jobId } = await client.library.addFolder({ path: folder })
    await workbench.waitForJob(jobId)
    const [{ hash, video }, settings] = await Promise.all([
      client.models.info({ id: 'starter' }),
      client.app.settings(),
    ])
    modelHash = hash
    key = embeddingKeys({ hash, frames: video.frames }, settings).dense
  } finally {
    await workbench.close()
  }
  await fill(workspace, { key, modelHash })
  return workspace
}

function stamp(seconds: number): string {
  return new Date(Math.round(1000 * seconds)).toISOString().slice(11, 23).replace('.', ',')
}

async function fill(workspace: string, { key, modelHash }: { key: string; modelHash: string }): Promise<void> {
  const database = openDatabase(join(workspace, 'library.db'))
  const store = await VectorStore.open(join(workspace, 'vectors'))
  const { contentId } = database.prepare('SELECT content_id AS contentId FROM videos').get() as { contentId: string }
  const normal = normalStream(1)
  const each = duration / clips
  const rows = Array.from({ length: clips }, (_, at) => ({
    segment: at >> 2,
    clip: at & 3,
    start: each * at,
    end: each * (at + 1),
    vector: Float32Array.from({ length: dimension }, normal),
  }))
  await store.replace({ pass: 'dense', key, contentId }, rows)
  new EmbeddingLedger(database).record({ contentId, key, pass: 'dense', modelHash, rows: clips })
  await store.close()
  database.close()
}

async function zoom(workspace: string, executablePath: string): Promise<BenchRow[]> {
  const server = await startServer(workspace)
  const browser = await chromium.launch({ executablePath })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(240_000)
    await page.goto(`${server.url}#/alignment/1`, { timeout: 0 })
    const lane = page.getByTestId('caption-lane')
    await lane.getByRole('button').first().waitFor()
    await page.getByTestId('alignment-matrix').waitFor()
    const { x, y, width } = (await lane.boundingBox())!
    const measure = await frameMeter(page)
    const idle = await measure(async () => void (await page.waitForTimeout(2000)))
    await page.mouse.move(x + width / 3, y + 8)
    await page.keyboard.down('Control')
    // In and out again, so that a step is of any size from all sentences to few.
    const zoomAll = async () => {
      for (let at = 0; at < steps; at++) await page.mouse.wheel(0, at < steps / 2 ? -60 : 60)
    }
    const zooming = await measure(zoomAll)
    const script = await scriptTime(page, zoomAll)
    await page.keyboard.up('Control')
    const frame = { idle: median(idle.intervals), all: median(zooming.intervals), high: high(zooming.intervals) }
    const of = `of a timeline with ${sentences.toLocaleString('en')} sentences`
    return [
      {
        name: `a step of zooming, ${of}: script`,
        value: script / steps,
        unit: 'ms',
        note: `with style, layout and paint ${(zooming.busy / steps).toFixed(0)} ms of the page’s main thread`,
      },
      {
        name: `a frame while zooming, ${of}`,
        value: frame.all,
        unit: 'ms',
        note: `95 of 100 within ${frame.high.toFixed(0)} ms; nothing moving: ${frame.idle.toFixed(0)} ms`,
      },
    ]
  } finally {
    await browser.close()
    await server.stop()
  }
}
