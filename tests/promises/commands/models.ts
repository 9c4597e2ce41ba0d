import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { commitOf, filesOf, HubStandIn } from '../../support/hub.ts'
import { published as tinyFolders } from '../../unit/models/hub-folder/published.ts'
import { writeTinyFolder } from '../../unit/models/hub-folder/tiny-folder.ts'
import { importing, writeTinyModel } from '../support/tiny-model.ts'
import type { CommandBench } from './command-bench.ts'

interface Verified {
  cases: { name: string; pass: boolean }[]
}

/** Models, from where they come to where they go. */
export function modelCommands({ at, folder, lfvila, runs, testVideo, trained }: CommandBench): void {
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
            await lfvila(
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
            const files = await writeTinyModel(folder(), 'retrieval', 200)
            const back = `back-${format}-${precision}`
            expect(await lfvila(...importing({ ...files, weights: out }, back))).toMatchObject({
              kind: 'retrieval',
              weights: expect.any(Array),
            })
            const similar = await lfvila<{ similarity: number[][] }>(
              'align',
              testVideo('blue'),
              '--text',
              'a blue film',
              '--model',
              back,
              '--precision',
              'fp32',
            )
            const own = await lfvila<{ similarity: number[][] }>(
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
            await lfvila('model', 'remove', back)
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
      await lfvila('model', 'export', 'found', '--format', 'onnx', '--out', at('onnx'), '--precision', 'fp32')
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
        const files = await writeTinyModel(folder(), 'retrieval', 200)
        for (const how of ['time', 'full']) {
          const report = await lfvila(
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
        const names = async () => (await lfvila<{ id: string }[]>('model', 'list')).map(({ id }) => id)
        expect(await names()).toEqual(
          expect.arrayContaining(['found', 'random-time', 'random-full', 'tiny', 'starter']),
        )
        await lfvila('model', 'remove', 'random-full')
        expect(await names()).not.toContain('random-full')
        expect(await lfvila('model', 'info', 'found')).toMatchObject({
          id: 'found',
          kind: 'retrieval',
          trained: true,
        })
        expect((await lfvila<unknown[]>('model', 'download')).length).toBeGreaterThan(1)
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
        expect(await lfvila('model', 'download', name, '--variant', 'fp16')).toMatchObject({
          models: ['tiny-fp16'],
        })
        expect(await lfvila('model', 'info', 'tiny-fp16')).toMatchObject({ inUse: true })
        await lfvila('model', 'remove', 'tiny-fp16')
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
        const { cases } = await lfvila<Verified>(
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
}
