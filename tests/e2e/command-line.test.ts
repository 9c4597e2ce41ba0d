import { spawn } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { shippedModels } from '../../native-models/starter/shipped.ts'
import { folderOfFile, folderOfTest } from '../support/folders.ts'
import { once } from '../support/once.ts'
import { sample, thorough } from '../support/sample.ts'
import { wrongUsage } from '../support/wrong-usage.ts'
import { root, startServer } from './support/product.ts'
import { makeVideos } from './support/videos.ts'

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

interface Indexed {
  videos: number
  indexed: number
  skipped: number
  failed: { path: string; reason: string }[]
  seconds: number
}

/** Runs the built command line; `interruptAt` sends Ctrl+C when stderr shows that text. */
function run(words: string[], interruptAt?: RegExp): Promise<Ended> {
  return new Promise(done => {
    const child = spawn(process.execPath, [join(root, 'out/main/lfvila.js'), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = { stdout: '', stderr: '' }
    let interrupted = false
    child.stdout.on('data', (chunk: Buffer) => {
      ended.stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      ended.stderr += chunk.toString()
      if (interruptAt && !interrupted && interruptAt.test(ended.stderr)) {
        interrupted = true
        child.kill('SIGINT')
      }
    })
    child.once('close', code => done({ code, ...ended }))
  })
}

// The unit tests try them all, in one process.
describe('wrong usage', () => {
  it.each(sample(wrongUsage, 5).map(words => [words]))(
    'of %j ends with 2, the reason and the usage, and prints nothing',
    async words => {
      const { code, stdout, stderr } = await run(words)
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^[^\n]+\.\n\nUsage: lfvila /)
    },
  )
})

it.each(
  sample(
    [
      [['--help']],
      [['index', '--help']],
      [['model', '--help']],
      [['finetune', '--help']],
      [['dataset', 'check', '--help']],
    ],
    3,
  ),
)('explains itself: %j', async words => {
  const { code, stdout, stderr } = await run(words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Usage: lfvila /)
})

describe('on a folder of videos', () => {
  const scratch = folderOfFile('cli')
  let folder: string
  let videos: string[]
  const json = async <T>(...words: string[]) => {
    const ended = await run([...words, '--json', '--workspace', join(scratch, 'workspace')])
    expect(ended.code, ended.stderr).toBe(0)
    // One document and nothing else.
    return JSON.parse(ended.stdout) as T
  }
  const plain = (...words: string[]) => run([...words, '--workspace', join(scratch, 'workspace')])

  beforeAll(async () => {
    folder = join(scratch, 'videos')
    videos = await makeVideos(folder, 12)
  })

  /** An index that is stopped, and the same command again. */
  const indexed = once(async () => {
    const stopped = await run(['index', folder, '--dense', '--workspace', join(scratch, 'workspace')], /\d+ of \d+/)
    return { stopped, report: await json<Indexed>('index', folder, '--dense') }
  })

  it('index stops at Ctrl+C with what is finished kept, and the same command goes on', async () => {
    const { stopped, report } = await indexed()
    expect(stopped).toMatchObject({ code: 1, stdout: '' })
    expect(stopped.stderr).toContain('Stopped. What was finished is kept')
    expect(report).toMatchObject({ videos: videos.length, failed: [] })
    expect(report.indexed + report.skipped).toBe(videos.length)
    expect(report.seconds).toBeGreaterThan(0)
  })

  it('index skips what has not changed', async () => {
    await indexed()
    expect(await json('index', folder, '--dense')).toMatchObject({
      videos: videos.length,
      indexed: 0,
      skipped: videos.length,
      failed: [],
    })
  })

  it('index lists what it cannot read and goes on', async () => {
    const mixed = join(scratch, 'mixed')
    await mkdir(mixed)
    await copyFile(videos[0] ?? '', join(mixed, "it's 🎬.mp4"))
    await writeFile(join(mixed, 'empty.mp4'), '')
    await writeFile(join(mixed, 'letter.mp4'), 'Dear video, this is a text.')
    const report = await json<Indexed>('index', mixed, '--dense')
    expect(report.indexed + report.skipped).toBe(1)
    expect(report.failed.map(one => basename(one.path)).sort()).toEqual(['empty.mp4', 'letter.mp4'])
    for (const { reason } of report.failed) expect(reason).toMatch(/\S.*\.$/)
  })

  it('search ranks videos and moments', async () => {
    await indexed()
    type Result = { rank: number; path: string; score: number; start: number; end: number }
    const found = await json<Result[]>('search', 'a red circle moves', '--top', '3')
    expect(found.map(one => one.rank)).toEqual(found.map((_, index) => index + 1))
    expect(found.length).toBeLessThanOrEqual(3)
    for (const one of found) expect(one).toMatchObject({ path: expect.any(String), start: 0, end: expect.any(Number) })
    const scores = found.map(one => one.score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    const [moment] = await json<Result[]>('search', 'a red circle moves', '--level', 'moment', '--top', '1')
    expect(moment?.end).toBeGreaterThan(moment?.start ?? Infinity)
  })

  thorough('align compares clips with sentences, from the line or from a caption file', async () => {
    type Alignment = { clips: { start: number; end: number }[]; sentences: string[]; similarity: number[][] }
    const text = 'A red circle moves. It turns blue.'
    const aligned = await json<Alignment>('align', videos[0] ?? '', '--text', text)
    expect(aligned.sentences).toEqual(['A red circle moves.', 'It turns blue.'])
    expect(aligned.similarity).toHaveLength(aligned.clips.length)
    for (const row of aligned.similarity) {
      expect(row).toHaveLength(2)
      for (const cosine of row) expect(Math.abs(cosine)).toBeLessThanOrEqual(1.0001)
    }
    const captions = join(scratch, 'two.srt')
    await writeFile(
      captions,
      '1\n00:00:00,000 --> 00:00:02,000\nA red circle moves.\n\n2\n00:00:02,000 --> 00:00:04,000\nIt turns blue.\n',
    )
    expect(await json<Alignment>('align', videos[0] ?? '', '--captions', captions)).toEqual(aligned)
  })

  thorough('attention maps frames to frames inside temporal windows', async () => {
    type Attention = { frames: number[]; window: number; heads: number; map: number[][] }
    const mean = await json<Attention>('attention', videos[0] ?? '', '--stage', '0', '--block', '0')
    expect(mean.map).toHaveLength(mean.frames.length)
    mean.map.forEach((row, query) => {
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 3)
      row.forEach((weight, key) => {
        if (Math.floor(query / mean.window) !== Math.floor(key / mean.window)) expect(weight).toBe(0)
      })
    })
    const head = await json<Attention>('attention', videos[0] ?? '', '--stage', '0', '--block', '0', '--head', '0')
    expect(head).toMatchObject({ window: mean.window, heads: mean.heads })
    const wrong = await plain('attention', videos[0] ?? '', '--stage', '0', '--block', '0', '--head', '99')
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toMatch(/head/)
  })

  thorough('model list, info and devices tell what there is', async () => {
    const models = await json<{ id: string; trained: boolean }[]>('model', 'list')
    expect(models).toEqual([...shippedModels].sort().map(id => expect.objectContaining({ id, trained: true })))
    expect(await json('model', 'info', 'starter')).toMatchObject({ id: 'starter', inUse: true })
    const devices =
      await json<{ id: string; provider: string; name: string; usable: boolean; reason: string | null }[]>('devices')
    expect(devices.find(one => one.provider === 'cpu')).toMatchObject({ usable: true, reason: null })
    for (const one of devices) if (!one.usable) expect(one.reason).toMatch(/\S/)
  })

  thorough('what people read is a table', async () => {
    await indexed()
    const { code, stdout } = await plain('search', 'a red circle moves')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^rank +score +start +end +path\n +1 /)
  })

  it.each(
    sample(
      [
        [['index', '/no/such/folder']],
        [['align', '/no/such/video.mp4', '--text', 'x']],
        [['attention', '/no/such/video.mp4', '--stage', '0', '--block', '0']],
        [['search', ' ']],
        [['model', 'info', 'nobody']],
        [['model', 'remove', 'nobody']],
        [['model', 'verify', '/no/such/fixture']],
      ],
      4,
    ),
  )('%j fails with 1 and one sentence, without a stack', async words => {
    const { code, stdout, stderr } = await plain(...words)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const lines = stderr.trim().split('\n')
    expect(lines.at(-1)).toMatch(/\S.*\.$/)
    expect(stderr).not.toMatch(/ {4}at |Error:/)
  })
})

it('serve prints its URL, answers with the token only, and ends with SIGTERM', async () => {
  const workspace = folderOfTest('serve')
  const server = await startServer(workspace)
  try {
    expect((await fetch(new URL('/', server.url))).status).toBe(401)
    const exchange = await fetch(server.url, { redirect: 'manual' })
    const cookie = exchange.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(await (await fetch(new URL('/', server.url), { headers: { cookie } })).text()).toContain('<div id="app">')
  } finally {
    expect(await server.stop()).toBe(0)
  }
})
