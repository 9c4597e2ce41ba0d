import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Run, RunConfig } from '../../../../main/api/training/training.ts'
import { probe } from '../../../../main/media/probing/probe.ts'
import type { Example } from '../../../../main/training/data/examples/example.ts'
import { jobRows } from '../../../../main/training/deepspeed/job-rows.ts'
import { jobYaml } from '../../../../main/training/deepspeed/job-yaml.ts'
import { openWorkbench } from '../../../../main/workbench/workbench.ts'
import type { Workbench } from '../../../../main/workbench/workbench.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { thorough } from '../../../support/sample.ts'
import { writeColourClasses } from '../../../support/videos/labelled-videos.ts'

const folder = folderOfFile('job')
let workbench: Workbench
const inFolder = (...parts: string[]) => join(folder, ...parts)

beforeAll(async () => {
  await writeColourClasses(inFolder('videos'), { train: 2, val: 1 })
  workbench = await openWorkbench({
    host: 'cli',
    version: 'test',
    workspace: inFolder('workspace'),
    demo: false,
    device: 'cpu',
  })
}, 120_000)
afterAll(async () => {
  await workbench.close()
})

const config = (changes: Partial<RunConfig> = {}): RunConfig => ({
  name: 'colours',
  model: 'starter',
  task: 'video-classification',
  preset: null,
  train: { what: 'heads' },
  clips: null,
  dataset: { folder: inFolder('videos'), videos: null, format: null, task: null, split: null },
  parameters: {
    epochs: 2,
    batchSize: 4,
    microBatchSize: 2,
    learningRate: 0.02,
    weightDecay: 0.05,
    clipNorm: 0.5,
    labelSmoothing: 0.1,
    stochastic: false,
    augment: false,
    negatives: 'reference',
    contrast: 'micro-batch',
    schedule: { kind: 'cosine', warmupEpochs: 0, decayEpochs: null, decayRate: null, minimum: 1e-8 },
  },
  seed: 3,
  validateEvery: 1,
  patience: null,
  ...changes,
})

async function finish(run: Run): Promise<Run> {
  await workbench.waitForJob(run.jobId ?? -1)
  return workbench.client.training.info({ id: run.id })
}

const paragraph = (video: Example['content'] & { type: 'paragraph' }, split: Example['split'] = 'train'): Example => ({
  source: 'rows:1',
  split,
  content: video,
})
const sentence = (text: string, start: number | null = null, end: number | null = null) => ({ text, start, end })
const whole = (file: string) => ({ path: file, start: null, end: null })

describe('a run as a DeepSpeed job', () => {
  thorough(
    'goes out with its configuration, rows and weights, and comes back as its own continuation',
    async () => {
      const run = await finish(await workbench.client.training.start(config()))
      expect(run).toMatchObject({ state: 'finished', steps: 2 })
      const job = await workbench.client.training.exportJob({ id: run.id, folder: inFolder('job') })
      expect((await readdir(inFolder('job'))).sort()).toEqual([...job.files].sort())
      expect(job.command).toBe(
        'deepspeed src/tasks/run_video_classification.py --distributed --blob_mount_dir job --config job/config.yaml --deepspeed --seed 3',
      )

      // Every field that LF-VILA/src reads for this task, by reading that code.
      const yaml = parse(await readFile(inFolder('job', 'config.yaml'), 'utf8'), { version: '1.1' })
      expect(yaml).toMatchObject({
        VideoEncoder: { frozen_stages: 6, drop_path_rate: 0, stages: [0, 1, 2, 2, 2, 2], downsample_stages: [0, 1] },
        bert_config: 'job/bert_config.json',
        stage: 1,
        WEIGHTS: { model_weight: 'start.bin' },
        DATA: {
          BATCH_SIZE_per_gpu: 2,
          sample_frame: 32,
          sample_clip: 4,
          input_res: [96, 160],
          center_crop: 200,
          classification_labels: 2,
          DATASET_train: {
            name: 'VideoClassificationDataset-train',
            type: 'VideoClassificationDataset',
            metadata_dir: 'train.jsonl',
            video_path: 'videos',
          },
          DATASET_val: [
            {
              name: 'VideoClassificationDataset-val',
              type: 'VideoClassificationDataset',
              metadata_dir: 'val.jsonl',
              video_path: 'videos',
            },
          ],
        },
        TRAINING: {
          EPOCHS: 2,
          WARMUP_EPOCHS: 0,
          WARMUP_LR: 0,
          MIN_LR: 1e-8,
          LR_SCHEDULER: { NAME: 'cosine', DECAY_EPOCHS: 1 },
          weight_decay: 0.05,
          use_mlm: false,
          only_val: false,
          save_feats: 0,
          save_dir: 'results',
          eval_step: 2,
          save_step: 1,
          checkpoint_step: 1,
          print_step: 1,
        },
        deepspeed_config: {
          train_micro_batch_size_per_gpu: 2,
          gradient_accumulation_steps: 2,
          gradient_clipping: 0.5,
          zero_optimization: { stage: 2 },
          fp16: { enabled: true },
          optimizer: { type: 'AdamW', params: { lr: 0.02, betas: [0.9, 0.98], eps: 1e-8, weight_decay: 0.05 } },
        },
      })
      const rows = (await readFile(inFolder('job', 'train.jsonl'), 'utf8'))
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { video_id: string; recipe_type: number })
      expect(rows).toHaveLength(4)
      expect(await readFile(inFolder('job', 'labels.txt'), 'utf8')).toBe('blue\nred\n')
      for (const { video_id, recipe_type } of rows) expect(video_id).toContain(['blue', 'red'][recipe_type])

      await promisify(execFile)('sh', [inFolder('job', 'videos.sh'), inFolder('videos')])
      for (const { video_id } of rows) {
        expect(await probe(inFolder('job', 'videos', `${video_id}.mp4`))).toMatchObject({ width: 320 })
      }

      const readme = await readFile(inFolder('job', 'README.md'), 'utf8')
      expect(readme).toContain(job.command)
      expect(readme).toContain('Label smoothing (0.1) exists there for answers of a fixed set only')

      // The exported files are a whole model, the one that training made: a job that ends at once would bring it back.
      const again = await workbench.client.training.importContinuation({
        id: run.id,
        checkpoint: inFolder('job', 'start.bin'),
      })
      expect(again).toMatchObject({
        state: 'paused',
        step: 0,
        continues: run.id,
        config: { ...run.config, model: again.config.model },
        dataHash: run.dataHash,
      })
      const imported = await workbench.client.models.import({
        weights: [inFolder('job', 'start.bin')],
        config: inFolder('job', 'config.yaml'),
        bertConfig: inFolder('job', 'bert_config.json'),
        name: 'by-hand',
      })
      expect((await workbench.client.models.info({ id: again.config.model })).trained).toBe(true)
      expect(imported.kind).toBe('video-classification')

      const first = async ({ id }: Run) =>
        (await workbench.client.training.metrics({ id })).flatMap(({ values }) => values['train/loss'] ?? [])[0] ??
        Number.NaN
      const continued = await finish(await workbench.client.training.resume({ id: again.id }))
      expect(continued).toMatchObject({ state: 'finished', continues: run.id })
      expect(await first(continued)).toBeLessThan(await first(run))
    },
    300_000,
  )

  it('refuses a checkpoint of another model in one sentence', async () => {
    const run = await workbench.client.training.start(config({ name: 'other' }))
    await workbench.client.training.pause({ id: run.id })
    await workbench.waitForJob(run.jobId ?? -1)
    const foreign = inFolder('foreign.bin')
    const { jobId } = await workbench.client.models.export({ id: 'starter', format: 'torch', path: foreign })
    await workbench.waitForJob(jobId)
    await expect(workbench.client.training.importContinuation({ id: run.id, checkpoint: foreign })).rejects.toThrow(
      /foreign\.bin is no continuation of the run ‘other’ .* has no video_frame_proj\.weight.*; give a checkpoint that its own job wrote\.$/,
    )
    await workbench.client.training.exportJob({ id: run.id, folder: inFolder('twice') })
    await expect(workbench.client.training.exportJob({ id: run.id, folder: inFolder('twice') })).rejects.toThrow(
      'exists already',
    )
  }, 300_000)
})

describe('rows of a job', () => {
  it('name parts of videos, which a script cuts', async () => {
    const video = inFolder('videos', 'train', 'red', 'train-red-0.mp4')
    const part = { path: video, start: 0.25, end: 0.75 }
    const { train, videos } = jobRows('retrieval', [
      paragraph({ type: 'paragraph', video: whole(video), sentences: [sentence('One.'), sentence('Two.')] }),
      paragraph({ type: 'paragraph', video: part, sentences: [sentence('A “part”.')] }),
    ])
    expect(train.map(line => JSON.parse(line))).toEqual([
      { clip_id: 'train-red-0', text: ['One.', 'Two.'] },
      { clip_id: 'train-red-0-2', text: ['A “part”.'] },
    ])
    expect(videos.root).toBe(dirname(video))
    expect(videos.script(null)).toContain("\npart 'train-red-0.mp4' 'train-red-0-2.mp4' -ss 0.25 -t 0.5\n")
  })

  it('of pre-training are clips in a folder for each video, and retrieval of the first ones', () => {
    const clips = (name: string) =>
      [0, 1, 2, 3].map(index => ({ video: whole(`/data/${name}.${index}.mp4`), text: `Clip ${index}` }))
    const { train, retrieval, videos } = jobRows('pretrain-stage1', [
      { source: 'a:1', split: 'train', content: { type: 'clips', clips: clips('abc') } },
      { source: 'a:2', split: 'validation', content: { type: 'clips', clips: clips('xyz') } },
    ])
    expect(JSON.parse(train[0] ?? '')[1]).toEqual({ clip_id: 'abc.1.mp4', text: 'Clip 1' })
    expect(retrieval?.map(line => JSON.parse(line))).toEqual([{ clip_id: 'xyz/xyz.0', text: ['Clip 0'] }])
    expect(videos.script(null)).toContain("\nwhole 'abc.1.mp4' 'abc/abc.1.mp4'\n")
  })

  it('of questions are those of VIOLIN with subtitles, and of How2QA with spans at three frames a second', () => {
    const question = { type: 'question', video: whole("/v/it's.mkv"), question: 'Is it so?', label: 1 } as const
    expect(
      jobRows('qa-classification', [{ source: 'q:1', split: 'train', content: { ...question, subtitles: [] } }]),
    ).toMatchObject({
      dataset: 'ActnetQADataset',
      train: ['{"video_name": "it\'s", "question": "Is it so?", "answer": 1}'],
    })
    const violin = jobRows('qa-classification', [
      { source: 'q:1', split: 'train', content: { ...question, subtitles: ['Yes.'] } },
    ])
    expect(violin).toMatchObject({
      dataset: 'ViolinDataset',
      train: [
        '{"clip_id": "it\'s", "text_q": "Is it so?", "text_s": [{"text": "Yes.", "start": 0, "end": 0}], "answer": 1}',
      ],
    })
    expect(violin.videos.script(null)).toContain(String.raw`whole 'it'\''s.mkv' 'it'\''s.mp4'`)
    const choices = {
      type: 'choices',
      video: whole('/v/w.mp4'),
      question: 'What?',
      answers: ['a', 'b', 'c', 'd'],
      subtitles: [],
      label: 2,
    } as const
    const how2qa = jobRows('qa-multichoice', [
      { source: 'h:1', split: 'train', content: { ...choices, span: null } },
      { source: 'h:2', split: 'train', content: { ...choices, span: [1, 2.5] } },
    ])
    expect(how2qa).toMatchObject({ dataset: 'How2QADataset', frameRate: 3 })
    expect(how2qa.train[0]).toContain('"span": [NaN, NaN]')
    expect(how2qa.train[1]).toContain('"span": [1, 2.5]')
    expect(() =>
      jobRows('qa-multichoice', [
        { source: 'h:1', split: 'train', content: { ...choices, answers: ['a', 'b'], span: null } },
      ]),
    ).toThrow('reads 4 answers')
  })
})

it('writes numbers so that PyYAML, whose floats need a point, reads numbers', () => {
  // `5e-05` and `1e-8` are texts to YAML 1.1; its rule for floats, from the specification of YAML 1.1.
  const float = /^[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?$/
  const written = jobYaml({ eps: 1e-8, rate: 5e-5, tiny: 1.5e-9, name: 'no' })
  for (const name of ['eps', 'rate', 'tiny']) {
    expect(new RegExp(`^${name}: (.*)$`, 'm').exec(written)?.[1]).toMatch(float)
  }
  expect(parse(written, { version: '1.1' })).toEqual({ eps: 1e-8, rate: 5e-5, tiny: 1.5e-9, name: 'no' })
})
