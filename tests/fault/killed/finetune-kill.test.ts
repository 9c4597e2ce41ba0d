import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { commandLineWords } from '../../support/child-program.ts'
import { folderOfFile } from '../../support/folders.ts'
import { commandLine } from '../../support/models/models.ts'
import { writeSmallModel } from '../../support/models/small-model.ts'
import { writeColourClasses } from '../../support/videos/labelled-videos.ts'

const home = folderOfFile('finetune')
let labelled = ''
beforeAll(async () => {
  labelled = join(home, 'colours')
  await writeColourClasses(labelled, { train: 4, val: 1, test: 2 })
  const { config, bertConfig } = await writeSmallModel(home)
  for (const workspace of ['whole', 'killed']) {
    await commandLine(join(home, workspace))(
      ...['model', 'import', '--config', config, '--bert-config', bertConfig, '--kind', 'video-classification'],
      ...['--name', 'small', '--init', 'random=1'],
    )
  }
  // What a broken download leaves: found out only when its turn comes.
  for (const file of ['train/red/broken.mp4', 'test/blue/broken.mp4']) {
    await writeFile(join(labelled, file), 'not a video')
  }
}, 120_000)

const finetune = () => [
  'finetune',
  labelled,
  '--task',
  'video-classification',
  '--model',
  'small',
  '--train',
  'heads',
  '--epochs',
  '4',
  '--batch',
  '4',
  '--micro-batch',
  '2',
  '--lr',
  '0.02',
  '--weight-decay',
  '0',
  '--warmup',
  '0',
  '--no-stochastic',
  '--no-augment',
  '--seed',
  '3',
  '--name',
  'colours',
  '--device',
  'cpu',
]
const evaluate = () => ['evaluate', labelled, '--model', 'colours', '--device', 'cpu']

interface Finetuned {
  run: string
  epochs: number
  best: { step: number; metric: string; value: number }
  model: string
  checkpoint: string
}
interface Evaluated {
  accuracy: number
  count: number
  evaluation: string
  split: string
  warnings: string[]
}

const lines = (...file: string[]) => {
  const name = join(home, ...file)
  return existsSync(name)
    ? readFileSync(name, 'utf8')
        .split('\n')
        .filter(line => line !== '')
    : []
}
const losses = (workspace: string, run: string) =>
  lines(workspace, 'runs', run, 'metrics.jsonl').flatMap(
    line => (JSON.parse(line) as { values: Record<string, number> }).values['train/loss'] ?? [],
  )

/** Starts a command in a process of its own and kills it, as `kill -9`, once so much is on the disk. */
async function killed(workspace: string, words: string[], reached: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [...commandLineWords(), ...words, '--workspace', join(home, workspace)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exit = new Promise(resolve => child.once('exit', (_code, signal) => resolve(signal)))
  while (!reached() && child.exitCode === null) await delay(20)
  child.kill('SIGKILL')
  expect(await exit).toBe('SIGKILL')
}

it('a fine-tuning and an evaluation that are killed come to the same numbers as ones that are not', async () => {
  const whole = commandLine(join(home, 'whole'))
  const trained = await whole<Finetuned>(...finetune())
  expect(trained).toMatchObject({ epochs: 4, best: { metric: 'accuracy', value: 1 }, model: 'colours' })
  expect(existsSync(trained.checkpoint)).toBe(true)
  expect(
    lines('whole', 'runs', trained.run, 'log.jsonl').filter(
      line => line.includes('Another example takes its place') && line.includes('broken.mp4'),
    ),
  ).toHaveLength(1)
  const evaluated = await whole<Evaluated>(...evaluate())
  // Two classes: chance is 0.5. The colours of four held-out videos are told apart without a mistake.
  expect(evaluated).toMatchObject({ accuracy: 1, count: 4, split: 'test' })
  expect(evaluated.warnings).toEqual([
    expect.stringMatching(/^1 of 5 examples is left out because its video cannot be read: test\/blue\/broken\.mp4\.$/),
  ])
  // The split that chose the checkpoint gives the very figure by which it was chosen, and is named as such.
  const chosen = await whole<Evaluated>(...evaluate(), '--split', 'validation')
  expect(chosen).toMatchObject({
    accuracy: trained.best.value,
    warnings: [expect.stringContaining('also chose the checkpoint of the run ‘colours’')],
  })

  const runs = () =>
    readdir(join(home, 'killed', 'runs')).then(
      names => names.filter(name => !name.startsWith('.')),
      () => [],
    )
  let run = ''
  const trainedFor = async () => {
    run = (await runs())[0] ?? ''
  }
  const watch = setInterval(() => void trainedFor(), 20)
  await killed('killed', finetune(), () => run !== '' && losses('killed', run).length >= 3)
  clearInterval(watch)
  const again = commandLine(join(home, 'killed'))
  const resumed = await again<Finetuned>('finetune', '--resume', run, '--device', 'cpu')
  expect(resumed).toMatchObject({ run, epochs: 4, best: trained.best })
  expect(losses('killed', run)).toEqual(losses('whole', trained.run))
  expect(losses('killed', run)).toHaveLength(8)

  const evaluations = () => readdir(join(home, 'killed', 'evaluations')).catch(() => [])
  let evaluation = ''
  const look = setInterval(
    () =>
      void evaluations().then(names => {
        evaluation = names.find(name => !name.startsWith('.')) ?? ''
      }),
    20,
  )
  await killed(
    'killed',
    evaluate(),
    () => evaluation !== '' && lines('killed', 'evaluations', evaluation, 'outputs.jsonl').length >= 2,
  )
  clearInterval(look)
  expect(await again<Evaluated>(...evaluate())).toEqual({ ...evaluated, evaluation })
  const outputs = lines('killed', 'evaluations', evaluation, 'outputs.jsonl').map(
    line => JSON.parse(line) as { example: number; problem?: string },
  )
  // What was computed is not computed again; what could not be read is tried once more, as its drive may be there now.
  expect(outputs.filter(({ problem }) => problem === undefined).map(({ example }) => example)).toEqual([1, 2, 3, 4])
  expect(outputs.filter(({ problem }) => problem !== undefined).map(({ example }) => example)).toEqual([0, 0])
}, 400_000)
