import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DatasetReport } from '../../../main/api/training/datasets.ts'
import { readCommandLine } from '../../../main/hosts/cli/command-line.ts'
import { runConfigOf } from '../../../main/hosts/cli/commands/training/finetune-options.ts'
import { presets } from '../../../main/training/runs/presets.ts'
import { shippedModels } from '../../../native-models/starter/shipped.ts'
import { folderOfTest } from '../../support/folders.ts'
import { commandLine, commandText } from '../../support/models/models.ts'
import { writeColourClasses } from '../../support/videos/labelled-videos.ts'
import { writeTinyPair } from '../models/dual-encoder/tiny-pair.ts'

/** Writes files; those given no text are videos, which reading does not open. */
async function labelled(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = folderOfTest('models')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

const workspace = async () => commandLine(join(folderOfTest('models'), 'workspace'))

describe('what cannot be trained on is said before anything begins', () => {
  it('an empty validation split', async () => {
    const folder = await labelled({ 'train/a/1.mp4': '', 'train/b/2.mp4': '', 'test/a/3.mp4': '' })
    await expect((await workspace())('finetune', folder, '--task', 'video-classification')).rejects.toThrow(
      'has no row for validation, so that no checkpoint could be chosen; name an annotation file ‘val’, or draw the splits with a seed.',
    )
  })

  it('a batch of one for a loss that compares', async () => {
    const rows = (...clips: string[]) =>
      clips.map(clip_id => JSON.stringify({ clip_id, text: ['A man walks.'] })).join('\n')
    const folder = await labelled({
      'a.mp4': '',
      'b.mp4': '',
      'c.mp4': '',
      'train.jsonl': rows('a', 'b'),
      'val.jsonl': rows('c'),
    })
    const lfvila = await workspace()
    await expect(lfvila('finetune', folder, '--task', 'retrieval', '--batch', '1')).rejects.toThrow(
      'a batch of one has nothing to compare: choose at least 2.',
    )
    const alone = ['--micro-batch', '1', '--contrast', 'micro-batch']
    await expect(lfvila('finetune', folder, '--task', 'retrieval', ...alone)).rejects.toThrow(
      'a micro-batch of one has nothing to compare',
    )
    expect(await lfvila('model', 'list')).toHaveLength(shippedModels.length)
  })

  it('a model that is not there, or that is a pair of ONNX files', async () => {
    const folder = await labelled({ 'train/a/1.mp4': '', 'val/b/2.mp4': '' })
    const lfvila = await workspace()
    const start = (model: string) => lfvila('finetune', folder, '--task', 'video-classification', '--model', model)
    await expect(start('nobody')).rejects.toThrow('There is no model ‘nobody’')
    await lfvila('model', 'import', await writeTinyPair(join(folder, 'pair')), '--name', 'tiny-clip')
    await expect(start('tiny-clip')).rejects.toThrow(
      'The model ‘tiny-clip’ is a pair of ONNX files, which cannot be trained here',
    )
  })

  it('a run that is not there', async () => {
    await expect((await workspace())('finetune', '--resume', 'nothing')).rejects.toThrow('There is no run ‘nothing’.')
  })
})

describe('dataset check', () => {
  it('counts labels and names one that is never seen in training, and a video that cannot be read', async () => {
    const folder = join(folderOfTest('models'), 'colours')
    await writeColourClasses(folder, { train: 1, val: 1 })
    await mkdir(join(folder, 'val/green'))
    await cp(join(folder, 'val/red/val-red-0.mp4'), join(folder, 'val/green/val-green-0.mp4'))
    await writeFile(join(folder, 'train/red/broken.mp4'), 'not a video')
    const lfvila = await workspace()
    const report = await lfvila<DatasetReport>('dataset', 'check', folder)
    expect(report).toMatchObject({
      format: 'class-folders',
      task: 'video-classification',
      counts: { train: 2, validation: 3, test: 0 },
      unusable: null,
      probed: true,
    })
    expect(report.labels.map(({ name, counts }) => [name, counts.train, counts.validation])).toEqual([
      ['blue', 1, 1],
      ['green', 0, 1],
      ['red', 1, 1],
    ])
    expect(report.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'unseen-label',
          sentence:
            'The label ‘green’ is never seen in training, so that no model can learn it; its rows count as wrong.',
          count: 1,
        }),
        expect.objectContaining({ kind: 'broken-video', severity: 'error', count: 1 }),
      ]),
    )
    expect(await lfvila('dataset', 'check', folder, '--no-probe', '--draw', '3,0.4,0.2')).toMatchObject({
      probed: false,
      split: { by: 'seeded', seed: 3, validation: 0.4, test: 0.2 },
      counts: { train: 3, validation: 2, test: 1 },
    })
  })
})

describe('dataset check of a folder that is published for moments', () => {
  it('says how these are scored', async () => {
    const row = { qid: 1, query: 'A man walks.', duration: 10, vid: 'a', relevant_windows: [[2, 4]] }
    const folder = await labelled({ 'a.mp4': '', 'highlight_train_release.jsonl': JSON.stringify(row) })
    const told = commandText(join(folderOfTest('models'), 'workspace'))
    const scored = 'published for moments in videos, which evaluate --task moments scores'
    expect((await told('dataset', 'check', folder, '--no-probe'))?.text).toContain(scored)
    expect((await told('dataset', 'check', folder, '--no-probe', '--task', 'moments'))?.text).not.toContain(scored)
  })
})

describe('dataset hd-vila', () => {
  const clips = (video: string, ...numbers: number[]) =>
    numbers.map(number => ({ clip_id: `${video}.${number}.mp4`, span: ['00:00:17.759', '00:00:23.279'] }))
  const line = (video_id: string, clip: readonly object[]) =>
    JSON.stringify({ video_id, url: `https://www.youtube.com/watch?v=${video_id}`, clip })

  it('makes a line of every four or more consecutive clips that have text', async () => {
    const told = (video: string, ...numbers: number[]) =>
      clips(video, ...numbers).map((clip, index) => ({
        ...clip,
        [index % 2 === 0 ? 'text' : 'caption']: `${video} ${index}`,
      }))
    const folder = await labelled({
      // Out of order, two runs, and one of three that is too short.
      'one.jsonl': `${line('a-_B', told('a-_B', 2, 1, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14))}\nnonsense\n`,
      // As Python prints it, the text in another file; clip 3 has none.
      'two.jsonl': `${line('c', clips('c', 1, 2, 3, 4, 5, 6, 7)).replaceAll('"', "'")}\n`,
      'texts.jsonl': `{"clip_id": "c.1.mp4", "text": "one"}\n{"c.2.mp4": "two", "c.4.mp4": "four", "c.5.mp4": "five"}\n{"clip_id": "c.6.mp4", "caption": "six"}\n{"clip_id": "c.7.mp4", "text": "seven"}\n`,
    })
    const out = join(folder, 'made', 'train.jsonl')
    const build = (...more: string[]) =>
      commandLine(folder)(
        'dataset',
        'hd-vila',
        join(folder, 'one.jsonl'),
        join(folder, 'two.jsonl'),
        '--texts',
        join(folder, 'texts.jsonl'),
        '--out',
        out,
        ...more,
      )
    expect(await build()).toEqual({
      out,
      videos: 2,
      clips: 19,
      longVideos: 3,
      keptClips: 13,
      withoutText: 1,
      unreadable: 1,
    })
    const rows = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map(row => JSON.parse(row) as { clip_id: string; text: string }[])
    expect(rows.map(row => row.map(({ clip_id }) => clip_id.split('.').slice(0, 2).join(' ')))).toEqual([
      ['a-_B 1', 'a-_B 2', 'a-_B 3', 'a-_B 4'],
      ['a-_B 6', 'a-_B 7', 'a-_B 8', 'a-_B 9', 'a-_B 10'],
      ['c 4', 'c 5', 'c 6', 'c 7'],
    ])
    expect(rows[2]?.map(({ text }) => text)).toEqual(['four', 'five', 'six', 'seven'])
    expect(await readdir(dirname(out))).toEqual(['train.jsonl'])
    await expect(build()).rejects.toThrow('exists already; give another path, or replace it with --overwrite.')
    expect(await build('--overwrite')).toMatchObject({ longVideos: 3 })

    const made = await labelled({
      'train.jsonl': await readFile(out, 'utf8'),
      'val.jsonl': await readFile(out, 'utf8'),
      ...Object.fromEntries(rows.flat().map(({ clip_id }) => [`clips/${clip_id.split('.')[0]}/${clip_id}`, ''])),
    })
    expect(await (await workspace())('dataset', 'check', made, '--no-probe')).toMatchObject({
      format: 'pretrain-jsonl',
      counts: { train: 3, validation: 3 },
    })
  })

  it('says what is missing, and leaves nothing', async () => {
    const folder = await labelled({ 'one.jsonl': line('c', clips('c', 1, 2, 3, 4)), 'texts.jsonl': '[1]\n' })
    const build = (...more: string[]) =>
      commandLine(folder)(
        'dataset',
        'hd-vila',
        join(folder, 'one.jsonl'),
        '--out',
        join(folder, 'made', 'train.jsonl'),
        ...more,
      )
    await expect(build()).rejects.toThrow(
      'There is no run of 4 consecutive clips with text in the metadata: 1 videos were read, 4 of their 4 clips have no text; give the files that have it with --texts.',
    )
    await expect(build('--texts', join(folder, 'texts.jsonl'))).rejects.toThrow('texts.jsonl:1 gives no text of a clip')
    await expect(build('--texts', join(folder, 'gone.jsonl'))).rejects.toThrow('gone.jsonl is not there')
    expect(await readdir(join(folder, 'made'))).toEqual([])
  })
})

describe('the options of finetune', () => {
  const configOf = (...words: string[]) => {
    const line = readCommandLine(['finetune', '/data/colours', ...words])
    if (line.kind !== 'run') throw new Error('no command')
    return runConfigOf(line.positionals[0] ?? '', line.values, { presets, inUse: 'in-use' })
  }

  it('are the published ones of the task unless something else is asked for', () => {
    const published = presets.find(({ id }) => id === 'coin')
    expect(configOf('--task', 'video-classification')).toMatchObject({
      name: 'colours video-classification',
      model: 'in-use',
      preset: null,
      train: { what: 'all' },
      clips: null,
      parameters: published?.parameters,
      seed: 0,
      validateEvery: 1,
      patience: null,
    })
    expect(configOf('--task', 'retrieval', '--preset', 'condensed-movie-retrieval')).toMatchObject({
      preset: 'condensed-movie-retrieval',
      clips: 1,
      parameters: { schedule: { kind: 'step', decayEpochs: 1, decayRate: 0.5 } },
    })
    expect(
      configOf(
        '--task',
        'qa-multichoice',
        '--train',
        'last:1,2',
        '--epochs',
        '3',
        '--batch',
        '8',
        '--micro-batch',
        '2',
        '--lr',
        '1e-3',
        '--warmup',
        '0.5',
        '--clip-norm',
        '1',
        '--no-augment',
        '--patience',
        '4',
        '--draw',
        '7',
      ),
    ).toMatchObject({
      train: { what: 'last', videoStages: 1, textLayers: 2 },
      patience: 4,
      dataset: { split: { by: 'seeded', seed: 7, validation: 0.1, test: 0.1 } },
      parameters: {
        epochs: 3,
        batchSize: 8,
        microBatchSize: 2,
        learningRate: 1e-3,
        clipNorm: 1,
        augment: false,
        stochastic: true,
        schedule: { kind: 'linear', warmupEpochs: 0.5 },
      },
    })
    expect(configOf('--task', 'retrieval', '--train', 'lora:8').train).toEqual({ what: 'lora', rank: 8, alpha: 16 })
  })

  it.each([
    [['--epochs', '3'], '--task is required.'],
    [
      ['--task', 'retrieval', '--preset', 'coin'],
      '--preset takes one of activitynet-retrieval, didemo-retrieval, queryd-retrieval, condensed-movie-retrieval for retrieval, not "coin".',
    ],
    [
      ['--task', 'retrieval', '--train', 'last:2'],
      '--train takes all, heads, last:STAGES,LAYERS or lora:RANK, not "last:2".',
    ],
    [['--task', 'retrieval', '--lr', '0'], '--lr takes a number above 0, not "0".'],
    [['--task', 'retrieval', '--weight-decay', '2'], 'These hyper-parameters cannot be used.'],
    [['--task', 'retrieval', '--draw', '1,0.8,0.8'], '--draw takes a seed, or a seed and two fractions'],
  ])('are refused with a sentence: %j', (words, sentence) => {
    expect(() => configOf(...words)).toThrow(sentence)
  })
})
