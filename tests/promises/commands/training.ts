import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openCheckpoint } from '../../../native-models/checkpoints/checkpoint.ts'
import type { CommandBench } from './command-bench.ts'

const splitsAndTies = [
  ['train', 'average'],
  ['validation', 'average'],
  ['test', 'reference'],
] as const

const timed = ['WEBVTT', '00:00.000 --> 00:00.500\nIt is red.', '00:00.500 --> 00:01.000\nIt is red still.\n'].join(
  '\n\n',
)

/** Training, evaluating it, and taking it elsewhere and back. */
export function trainingCommands({ at, lfvila, rows, runs, trained }: CommandBench): void {
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

  it(
    'follows a query over the checkpoints that a run kept',
    runs(['finetune --keep-checkpoints', 'trace --gallery --bisect'], async () => {
      const { run } = await trained()
      interface Traced {
        readonly steps: number[]
        readonly videos: number
        readonly points: readonly { readonly step: number; readonly rank: number; readonly score: number }[]
        readonly flips: readonly { readonly after: number; readonly by: number }[]
      }
      await expect(lfvila('trace', run, 'nothing of this kind', '--gallery', '4', '--bisect')).rejects.toThrow(
        /No row of the validation or test split is ‘nothing of this kind’; there are \d+: /,
      )
      const query = 'v_test_red_0'
      const halved = await lfvila<Traced>('trace', run, query, '--gallery', '4', '--bisect')
      // Before the first step, after half of the epochs, and at the end.
      expect(halved.steps).toHaveLength(3)
      expect(halved.videos).toBe(4)
      expect(halved.points.map(({ step }) => step)).toEqual(expect.arrayContaining([0, halved.steps[2]]))
      const all = await lfvila<Traced>('trace', run, query, '--gallery', '4')
      expect(all.points.map(({ step }) => step)).toEqual(all.steps)
      for (const { rank } of all.points) expect(rank).toBeLessThanOrEqual(4)
      for (const { after, by } of all.flips) expect(after).toBeLessThan(by)
      // Training has changed what the model makes of it.
      expect(all.points[0]?.score).not.toBeCloseTo(all.points[2]?.score ?? 0, 6)
    }),
    900_000,
  )

  it(
    'evaluates every split, with ties in both ways',
    runs(
      splitsAndTies.map(([split, ties]) => `evaluate --task --model --split ${split} --ties ${ties}`),
      async () => {
        await trained()
        for (const [split, ties] of splitsAndTies) {
          const found = await lfvila<{ textToVideo: { r1: number } }>(
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
          // Half as much again as a guess.
          if (split === 'test') expect(found.textToVideo.r1).toBeGreaterThan(1.5 / 8)
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
          const job = await lfvila('finetune', '--export-job', run, '--out', at('job'), ...again)
          expect(job).toMatchObject({ command: expect.stringMatching(/^deepspeed /) })
        }
        await lfvila('model', 'export', 'found', '--format', 'torch', '--out', at('pytorch_model.bin'))
        const taken = await lfvila<{ run: string }>(
          'finetune',
          '--continue',
          run,
          '--checkpoint',
          at('pytorch_model.bin'),
        )
        expect(taken).toMatchObject({ continues: run })
        expect(await lfvila('finetune', '--resume', taken.run)).toMatchObject({ run: taken.run, epochs: 80 })
      },
    ),
    900_000,
  )
}

async function openAndClose(file: string): Promise<string[]> {
  const checkpoint = await openCheckpoint(file)
  await checkpoint.close()
  return [...checkpoint.tensors.keys()]
}

/** To be run last: it adds a video to the library, whose videos others count. */
export function learningCommands({ at, lfvila, runs, testVideo, trained }: CommandBench): void {
  it(
    'learns from captions with the right times',
    runs(['learn --name --pass dense --model', 'learn --pass overview'], async () => {
      await trained()
      const video = at('corrected', 'red.mp4')
      await mkdir(at('corrected'))
      await copyFile(testVideo('red'), video)
      await writeFile(at('corrected', 'red.vtt'), timed)
      const asked = ['--model', 'found', '--device', 'cpu']
      await expect(lfvila('learn', ...asked)).rejects.toThrow('No captions were corrected in this workspace')
      await expect(lfvila('learn', testVideo('blue'), ...asked)).rejects.toThrow(
        'There is nothing to learn from yet: 0 sentences of v_test_blue_0.mp4 have times',
      )
      for (const pass of ['dense', 'overview']) {
        const model = `found-${pass}`
        expect(await lfvila('learn', video, '--pass', pass, '--name', model, ...asked)).toMatchObject({
          ...{ model, pass, from: 'found', projection: 'text_global_proj', videos: 1, sentences: 2 },
        })
        await expect(lfvila('learn', video, '--name', model, ...asked)).rejects.toThrow(
          `There is already a model ‘${model}’`,
        )
      }
    }),
    900_000,
  )
}
