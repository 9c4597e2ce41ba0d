import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { datasetFormat, task } from '../../main/api/datasets.ts'
import { precisionChoice } from '../../main/api/engine.ts'
import { exportFormat } from '../../main/api/models.ts'
import { readCommandLine } from '../../main/hosts/cli/command-line.ts'
import { commands } from '../../main/hosts/cli/commands/commands.ts'
import { ProgressLine } from '../../main/hosts/cli/terminal/progress-line.ts'
import { presets } from '../../main/training/runs/presets.ts'
import { openCheckpoint } from '../../native-models/checkpoints/checkpoint.ts'
import { commitOf, filesOf, HubStandIn } from '../support/hub.ts'
import { once } from '../support/once.ts'
import { published as tinyFolders } from '../unit/models/hub-folder/published.ts'
import { writeTinyFolder } from '../unit/models/hub-folder/tiny-folder.ts'
import { colourNames, colourVideos, writeColourVideos } from './colour-videos.ts'
import { claims, openBench } from './command-line.ts'
import type { Bench } from './command-line.ts'
import { expectKept, expectPlayable, expectTrueSentence } from './demo-library.ts'
import { promisedCommands, promisedPrecisions } from './documents.ts'
import { formatPromises } from './formats.ts'
import { published } from './published-folders.ts'
import { taskPromises } from './tasks.ts'
import { importing, writeTinyModel } from './tiny-model.ts'

/** One workspace, and every command of the documents on it. */
let bench: Bench
const at = (...parts: string[]) => join(bench.folder, ...parts)
const rows = () => at('rows')
const testVideo = (colour: string) => at('rows', 'test', `v_test_${colour}_0.mp4`)

beforeAll(async () => {
  bench = await openBench()
  await writeColourVideos(at('videos'), colourVideos)
  await published['captions beside videos'](rows(), at('videos'))
}, 900_000)
afterAll(() => bench.close())

interface Hit {
  rank: number
  path: string
  score: number
  start: number
  end: number
}
interface Finetuned {
  run: string
  epochs: number
  best: { value: number }
  model: string
  checkpoint: string
}
interface Verified {
  cases: { name: string; pass: boolean }[]
}

/** What the tests run, known before any of them is. */
const promisedHere = new Set<string>()

/**
 * A test with the lines that it runs, by their options and the values that are choices: whether one is missing is then
 * told without running them, and the test is held to its own.
 */
function runs(lines: readonly string[], test: () => Promise<void>): () => Promise<void> {
  const given = lines.flatMap(line => claims(line.split(' ')))
  for (const claim of given) promisedHere.add(claim)
  return async () => {
    await test()
    expect(given.filter(claim => !bench.asked.has(claim))).toEqual([])
  }
}

/** The model that most commands are run on. */
const trained = once(async () => {
  const files = await writeTinyModel(bench.folder, 'pretrain-stage1', 200)
  expect(await bench.lfvila(...importing(files, 'tiny'), '--kind', 'pretrain-stage1')).toMatchObject({
    model: 'tiny',
    kind: 'pretrain-stage1',
    skipped: [],
  })
  return bench.lfvila<Finetuned>(
    'finetune',
    rows(),
    '--task',
    'retrieval',
    '--model',
    'tiny',
    '--preset',
    'didemo-retrieval',
    '--name',
    'found',
    '--train',
    'last:0,2',
    '--no-augment',
    '--epochs',
    '80',
    '--validate-every',
    '80',
    '--batch',
    '6',
    '--lr',
    '0.002',
    '--schedule',
    'linear',
    '--warmup',
    '1',
  )
})

it(
  'imports a model and trains it on captions beside videos',
  runs(
    [
      'model import --config --bert-config --vocab --name --kind',
      'finetune --task --model --preset --name --train --epochs --validate-every --batch --lr --schedule linear --warmup',
    ],
    async () => {
      const run = await trained()
      expect(run).toMatchObject({ epochs: 80, model: 'found' })
      expect(run.best.value).toBeGreaterThan(1.5 / 8)
      expect((await openAndClose(run.checkpoint)).length).toBeGreaterThan(100)
    },
  ),
  900_000,
)

const machine = (precision: string) => ['--model', 'found', '--device', 'cpu', '--precision', precision]
/** The videos of the test in single precision, with their moments. */
const indexed = once(async () => {
  await trained()
  return bench.lfvila('index', at('rows', 'test'), ...machine('fp32'), '--dense')
})

for (const precision of precisionChoice.options) {
  it(
    `indexes and finds in ${precision}`,
    runs(
      [
        `index --model --device --precision ${precision}`,
        `index${precision === 'fp32' ? ' --dense' : ''}`,
        'search --top',
      ],
      async () => {
        await trained()
        const there = machine(precision)
        const report =
          precision === 'fp32' ? await indexed() : await bench.lfvila('index', at('rows', 'test'), ...there)
        expect(report).toMatchObject({ videos: 8, failed: [] })
        // In single precision the figure, in the others that they find at all: each opens the workbench anew.
        const asked = precision === 'fp32' ? colourNames : colourNames.slice(0, 1)
        let first = 0
        for (const colour of asked) {
          const hits = await bench.lfvila<Hit[]>(
            'search',
            `A ${colour} film. The film is ${colour}.`,
            '--top',
            '3',
            ...there,
          )
          expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3])
          first += Number(hits[0]?.path === testVideo(colour))
        }
        // Eight videos: a guess finds one.
        if (precision === 'fp32') expect(first).toBeGreaterThan(1)
      },
    ),
    900_000,
  )
}

it(
  'finds moments, aligns and shows attention',
  runs(
    [
      'search --level video',
      'search --level moment',
      'align --text',
      'align --captions',
      'attention --stage --block --head',
    ],
    async () => {
      await indexed()
      const there = machine('fp32')
      for (const level of ['video', 'moment']) {
        const hits = await bench.lfvila<Hit[]>('search', 'a red film', '--level', level, '--top', '2', ...there)
        expect(hits.map(({ rank }) => rank)).toEqual([1, 2])
        for (const { start, end } of hits) expect(end).toBeGreaterThan(start)
      }
      const aligned = z.object({
        clips: z.array(z.unknown()),
        sentences: z.array(z.string()),
        similarity: z.array(z.array(z.number())),
      })
      for (const text of [
        ['--text', 'A red film. The film is red.'],
        ['--captions', at('rows', 'test', 'v_test_red_0.txt')],
      ]) {
        const { clips, sentences, similarity } = aligned.parse(
          await bench.lfvila('align', testVideo('red'), ...text, ...there),
        )
        expect([similarity.length, similarity[0]?.length]).toEqual([clips.length, sentences.length])
        expect(sentences).toHaveLength(2)
      }
      const shown = z.object({ frames: z.array(z.number()), map: z.array(z.array(z.number())) })
      for (const head of [[], ['--head', '1']]) {
        const { frames, map } = shown.parse(
          await bench.lfvila('attention', testVideo('red'), '--stage', '2', '--block', '0', ...head, ...there),
        )
        expect([frames.length, map.length, map[0]?.length]).toEqual([4, 4, 4])
        for (const row of map) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3)
      }
    },
  ),
  900_000,
)

for (const format of ['torch', 'safetensors']) {
  it(
    `exports ${format}, which comes back as the same model`,
    runs(
      [
        `model export --format ${format} --out --precision fp32 --overwrite`,
        'model export --precision fp16',
        'model remove',
      ],
      async () => {
        await trained()
        for (const precision of ['fp32', 'fp16']) {
          const out = at(`found.${precision}.${format === 'torch' ? 'bin' : 'safetensors'}`)
          await writeFile(out, 'in the way')
          await bench.lfvila(
            'model',
            'export',
            'found',
            '--format',
            format,
            '--out',
            out,
            '--precision',
            precision,
            '--overwrite',
          )
          const files = await writeTinyModel(bench.folder, 'retrieval', 200)
          const back = `back-${format}-${precision}`
          expect(await bench.lfvila(...importing({ ...files, weights: out }, back))).toMatchObject({
            kind: 'retrieval',
            weights: expect.any(Array),
          })
          const similar = await bench.lfvila<{ similarity: number[][] }>(
            'align',
            testVideo('blue'),
            '--text',
            'a blue film',
            '--model',
            back,
            '--precision',
            'fp32',
          )
          const own = await bench.lfvila<{ similarity: number[][] }>(
            'align',
            testVideo('blue'),
            '--text',
            'a blue film',
            '--model',
            'found',
            '--precision',
            'fp32',
          )
          for (const [clip, [value]] of similar.similarity.entries()) {
            expect(value).toBeCloseTo(own.similarity[clip]?.[0] ?? Number.NaN, precision === 'fp32' ? 6 : 2)
          }
          await bench.lfvila('model', 'remove', back)
        }
      },
    ),
    900_000,
  )
}

it(
  'exports ONNX programs that describe themselves',
  runs(['model export --format onnx --out --precision fp32'], async () => {
    await trained()
    await bench.lfvila('model', 'export', 'found', '--format', 'onnx', '--out', at('onnx'), '--precision', 'fp32')
    const files = await readdir(at('onnx'))
    expect(files.filter(file => file.endsWith('.onnx')).length).toBeGreaterThan(1)
  }),
  300_000,
)

it(
  'lists, shows and removes models, and makes one of random weights',
  runs(
    [
      'model import --kind --init --resize-bias time',
      'model import --resize-bias full',
      'model list',
      'model info',
      'model remove',
      'model download',
    ],
    async () => {
      await trained()
      const files = await writeTinyModel(bench.folder, 'retrieval', 200)
      for (const how of ['time', 'full']) {
        const report = await bench.lfvila(
          'model',
          'import',
          files.weights,
          '--config',
          files.config,
          '--bert-config',
          files.bertConfig,
          '--vocab',
          files.vocab,
          '--name',
          `random-${how}`,
          '--kind',
          'pretrain-stage2',
          '--init',
          'random=3',
          '--resize-bias',
          how,
        )
        expect(report).toMatchObject({ kind: 'pretrain-stage2' })
      }
      const names = async () => (await bench.lfvila<{ id: string }[]>('model', 'list')).map(({ id }) => id)
      expect(await names()).toEqual(expect.arrayContaining(['found', 'random-time', 'random-full', 'tiny', 'starter']))
      await bench.lfvila('model', 'remove', 'random-full')
      expect(await names()).not.toContain('random-full')
      expect(await bench.lfvila('model', 'info', 'found')).toMatchObject({
        id: 'found',
        kind: 'retrieval',
        trained: true,
      })
      expect((await bench.lfvila<unknown[]>('model', 'download')).length).toBeGreaterThan(1)
    },
  ),
  300_000,
)

it(
  'gets a model of Hugging Face ready by its name',
  runs(['model download --variant', 'model info', 'model remove'], async () => {
    const hub = new HubStandIn()
    await hub.listen()
    vi.stubEnv('HF_ENDPOINT', hub.hub.url)
    try {
      const folder = await writeTinyFolder(at('hub'), {
        ...tinyFolders.clip,
        vision: { file: 'onnx/vision_model_fp16.onnx' },
        text: { file: 'onnx/text_model_fp16.onnx' },
      })
      hub.repositories.set('tester/tiny', { commit: commitOf('tiny'), files: filesOf(folder) })
      const name = 'hf:tester/tiny@main'
      expect(await bench.lfvila('model', 'download', name, '--variant', 'fp16')).toMatchObject({
        models: ['tiny-fp16'],
      })
      expect(await bench.lfvila('model', 'info', 'tiny-fp16')).toMatchObject({ inUse: true })
      await bench.lfvila('model', 'remove', 'tiny-fp16')
    } finally {
      vi.unstubAllEnvs()
      await hub.close()
    }
  }),
  300_000,
)

for (const precision of ['fp32', 'fp16']) {
  it(
    `verifies a fixture in ${precision}`,
    runs([`model verify --case --device --precision ${precision}`], async () => {
      const fixture = join(process.cwd(), 'tests/fixtures/tiny-a')
      const { cases } = await bench.lfvila<Verified>(
        'model',
        'verify',
        fixture,
        '--case',
        'video-classification',
        '--device',
        'cpu',
        '--precision',
        precision,
      )
      expect(cases).toMatchObject([{ name: 'video-classification', pass: true }])
    }),
    900_000,
  )
}

const splitsAndTies = [
  ['train', 'average'],
  ['validation', 'average'],
  ['test', 'reference'],
] as const

it(
  'evaluates every split, with ties in both ways',
  runs(
    splitsAndTies.map(([split, ties]) => `evaluate --task --model --split ${split} --ties ${ties}`),
    async () => {
      await trained()
      for (const [split, ties] of splitsAndTies) {
        const found = await bench.lfvila(
          'evaluate',
          rows(),
          '--task',
          'retrieval',
          '--model',
          'found',
          '--split',
          split,
          '--ties',
          ties,
        )
        expect(found).toMatchObject({ split, model: 'found', textToVideo: { count: split === 'train' ? 12 : 8 } })
      }
    },
  ),
  900_000,
)

it(
  'sends a run to a cluster, takes it back and goes on',
  runs(
    [
      'finetune --export-job --out --overwrite',
      'finetune --continue --checkpoint',
      'finetune --resume',
      'model export --format torch --out',
    ],
    async () => {
      const { run } = await trained()
      for (const again of [[], ['--overwrite']]) {
        const job = await bench.lfvila('finetune', '--export-job', run, '--out', at('job'), ...again)
        expect(job).toMatchObject({ command: expect.stringMatching(/^deepspeed /) })
      }
      await bench.lfvila('model', 'export', 'found', '--format', 'torch', '--out', at('pytorch_model.bin'))
      const taken = await bench.lfvila<{ run: string }>(
        'finetune',
        '--continue',
        run,
        '--checkpoint',
        at('pytorch_model.bin'),
      )
      expect(taken).toMatchObject({ continues: run })
      expect(await bench.lfvila('finetune', '--resume', taken.run)).toMatchObject({ run: taken.run, epochs: 80 })
    },
  ),
  900_000,
)

it(
  'checks a folder, and makes rows of HD-VILA’s metadata',
  runs(['dataset check --no-probe', 'dataset hd-vila --texts --out'], async () => {
    expect(await bench.lfvila('dataset', 'check', rows(), '--no-probe')).toMatchObject({
      format: 'captions-beside-videos',
      counts: { train: 12, validation: 8, test: 8 },
    })
    const clip = (number: number) => ({
      clip_id: `x.${number}.mp4`,
      span: [`00:00:0${number}.000`, `00:00:0${number + 1}.000`],
    })
    await writeFile(
      at('meta.jsonl'),
      JSON.stringify({ video_id: 'x', url: 'https://www.youtube.com/watch?v=x', clip: [1, 2, 3, 4].map(clip) }),
    )
    await writeFile(
      at('texts.jsonl'),
      JSON.stringify(Object.fromEntries([1, 2, 3, 4].map(number => [`x.${number}.mp4`, 'a red film']))),
    )
    const made = await bench.lfvila(
      'dataset',
      'hd-vila',
      at('meta.jsonl'),
      '--texts',
      at('texts.jsonl'),
      '--out',
      at('made.jsonl'),
    )
    expect(made).toMatchObject({ longVideos: 1, keptClips: 4 })
    expect(JSON.parse(await readFile(at('made.jsonl'), 'utf8'))).toHaveLength(4)
  }),
  300_000,
)

it(
  'names the devices and paints the demo',
  runs(['devices', 'demo'], async () => {
    expect(await bench.lfvila('devices')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'cpu', usable: true })]),
    )
    const library = await bench.lfvila<{ videos: string[]; captions: string[] }>('demo', at('demo'))
    await expectPlayable(at('demo'), library)
    await expectTrueSentence(at('demo'))
    await expectKept(at('demo'))
  }),
  900_000,
)

const paintStories = (split: string, twins: string) =>
  bench.lfvila<{ videos: string[]; annotations: string[] }>(
    'demo',
    at('stories'),
    ...['--stories', '4', '--seed', '2', '--split', split, '--twins', twins],
    ...['--scenes', '4-5', '--seconds', '1-1.5', '--size', '96x64', '--fps', '8'],
  )
const trainStories = once(() => paintStories('train', 'half'))

for (const [split, twins] of [
  ['train', 'half'],
  ['val', 'all'],
  ['test', 'none'],
] as const) {
  it(
    `paints stories of the split ${split}`,
    runs(
      [`demo --stories --seed --split ${split} --twins ${twins} --scenes --seconds --size --fps`, 'dataset check'],
      async () => {
        // With the rows of training there is something to train on.
        const first = await trainStories()
        const made = split === 'train' ? first : await paintStories(split, twins)
        expect(made.videos.map(file => existsSync(file))).toEqual([true, true, true, true])
        expect(made.annotations.map(file => existsSync(file))).not.toContain(false)
        expect(await bench.lfvila('dataset', 'check', at('stories'))).toMatchObject({
          format: 'activitynet-captions',
          problems: [],
        })
      },
    ),
    300_000,
  )
}

const serving = ['serve', '--host', '127.0.0.1', '--port', '0']
it.skipIf(!existsSync('out/renderer/index.html'))(
  'serves the window, which `npm test` has built, until it is stopped',
  async () => {
    const line = readCommandLine([...serving, '--export-dir', at('exports'), '--workspace', at('workspace')])
    if (line.kind !== 'run') throw new Error('serve is no command')
    const [stop, write] = [new AbortController(), process.stdout.write.bind(process.stdout)]
    const printed = new Promise<string>(resolve => {
      process.stdout.write = ((chunk: string) => {
        resolve(chunk)
        return true
      }) as typeof process.stdout.write
    })
    const ended = (await line.command.load())({
      values: line.values,
      positionals: line.positionals,
      json: true,
      progress: new ProgressLine(process.stderr),
      signal: stop.signal,
    })
    try {
      const { url } = z.object({ url: z.url() }).parse(JSON.parse(await Promise.race([printed, ended.then(() => '')])))
      expect((await fetch(url, { redirect: 'manual' })).status).toBeLessThan(400)
    } finally {
      process.stdout.write = write
      stop.abort()
      await ended
    }
  },
  300_000,
)

/**
 * What no test runs is not promised: these fail when the documents or the program names something that has no line
 * here.
 */
it('every command, option and choice of the documents was run here or trains a task', async () => {
  const trained = taskPromises.flatMap(({ task: learns, preset, options }) =>
    claims(['finetune', '--task', learns, '--preset', preset, ...options]),
  )
  const asked = new Set([
    ...promisedHere,
    ...claims([...serving, '--export-dir']),
    ...trained.map(claim => claim.replace(/:.*/, '')),
  ])
  const promised = await promisedCommands()
  expect(promised).toContain('search --level moment')
  expect(promised.filter(claim => !asked.has(claim))).toEqual([])
  expect(commands.map(({ name }) => name).filter(name => !asked.has(name))).toEqual([])
})

it('every task, preset and format trains, every precision indexes, every format is exported', async () => {
  const of = (field: 'task' | 'preset' | 'format') => [...new Set(taskPromises.map(promise => promise[field]))].sort()
  expect(of('task')).toEqual([...task.options].sort())
  expect(of('preset')).toEqual(presets.map(({ id }) => id).sort())
  const formats = [...of('format'), ...formatPromises.map(({ format }) => format)]
  expect([...new Set(formats)].sort()).toEqual([...datasetFormat.options].sort())
  const asked = (start: string) =>
    [...promisedHere]
      .filter(claim => claim.startsWith(start))
      .map(claim => claim.slice(start.length))
      .sort()
  expect(asked('index --precision ')).toEqual([...(await promisedPrecisions())].sort())
  expect(asked('model export --format ')).toEqual([...exportFormat.options].sort())
})

async function openAndClose(file: string): Promise<string[]> {
  const checkpoint = await openCheckpoint(file)
  await checkpoint.close()
  return [...checkpoint.tensors.keys()]
}
