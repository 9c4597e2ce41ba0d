import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationChoice } from '../../../../main/api/evaluation/evaluation.ts'
import { importInput } from '../../../../main/api/models.ts'
import type { Workbench } from '../../../../main/workbench/workbench.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { tinyA } from '../../../support/models/models.ts'
import { paint } from '../../models/dual-encoder/paint.ts'
import { Evaluating, jsonl } from './evaluating.ts'

const folder = folderOfFile('answers')
let bench: Evaluating
let workbench: Workbench

beforeAll(async () => {
  bench = await Evaluating.open(folder)
  ;({ workbench } = bench)
}, 180_000)
afterAll(() => bench.close())

describe('models that answer', () => {
  async function importAnswering(kind: 'qa_classification' | 'qa_multichoice'): Promise<string> {
    const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'what', 'red', 'blue', '?', 'is', 'it']
    const vocab = await bench.annotations(
      'vocabulary',
      'vocab.txt',
      [...words, ...Array.from({ length: 500 - words.length }, (_, number) => `[unused${number}]`)].join('\n'),
    )
    const weights = ['lfvila_pretrain_stage1.bin', 'lfvila_pretrain_stage2.delta.bin', `lfvila_${kind}.delta.bin`].map(
      file => join(tinyA, file),
    )
    return (
      await workbench.client.models.import(
        importInput.parse({
          weights,
          config: join(tinyA, 'model_config.json'),
          vocab: join(vocab, 'vocab.txt'),
          name: kind,
        }),
      )
    ).model
  }

  it('chooses among the answers that a question has, and tells the frames only where they are known', async () => {
    const model = await importAnswering('qa_multichoice')
    const row = { clip_id: 'rose', text_q: 'what is it?', text_a: ['blue', 'red'], text_s: [] }
    const home = await bench.annotations(
      'choices',
      'val.jsonl',
      jsonl(
        { ...row, clip_id: 'evening', text_a: ['red', 'blue', 'it', 'what'], span: [4, 8], answer_idx: 1 },
        { ...row, answer_idx: 0 },
        { ...row, answer_idx: 1 },
      ),
    )
    const { id, state, figures } = await bench.evaluate(home, model, { batchSize: 2 })
    expect([state, figures]).toMatchObject(['finished', { task: 'qa-multichoice', count: 3, span: { count: 32 } }])
    const wrong = await bench.failures(id)
    // Of the same question with either answer right, one is wrong.
    const [twice] = wrong.filter(({ video }) => video.endsWith('rose.mp4'))
    expect(twice?.said.map(({ name }) => name).sort()).toEqual(['blue', 'red'])
    expect(twice?.said.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5)
    if (figures?.task !== 'qa-multichoice') throw new Error('no figures')
    expect(figures.accuracy).toBeCloseTo(1 - wrong.length / 3, 10)
    // Batches of two and of one: each counts half.
    const right = [0, 1, 2].map(line => Number(!wrong.some(({ source }) => source === `val.jsonl:${line + 1}`)))
    expect(figures.batchMean).toBeCloseTo(((right[0] ?? 0) + (right[1] ?? 0)) / 4 + (right[2] ?? 0) / 2, 10)
  })

  it('goes on with a video that could not be read before, as on a drive that was not connected', async () => {
    const late = join(folder, 'videos', 'late.mp4')
    await writeFile(late, 'not a video')
    const row = { clip_id: 'late', text_q: 'what is it?', text_a: ['blue', 'red'], text_s: [], answer_idx: 0 }
    const home = await bench.annotations('late', 'val.jsonl', jsonl(row))
    const before = await bench.evaluate(home, 'qa_multichoice')
    expect(before).toMatchObject({ state: 'failed', problem: expect.stringContaining('Not one of the videos') })
    await paint(late, 'red')
    const { id, state, figures } = await bench.evaluate(home, 'qa_multichoice')
    expect([id, state, figures]).toMatchObject([before.id, 'finished', { count: 1 }])
  })

  it('matches answers that are words by their names, says what it assumes, and counts what was said for what', async () => {
    const model = await importAnswering('qa_classification')
    const { labels } = await workbench.client.models.info({ id: model })
    const answers = [...'abcdefghijklmnopqrstuvwxyz'].slice(0, (labels ?? 0) + 2)
    const home = await bench.annotations(
      'answers',
      'test.jsonl',
      jsonl(...answers.map(answer => ({ video_name: 'meadow', question: 'what is it?', answer }))),
    )
    const { id, state, figures, warnings } = await bench.evaluate(home, model)
    // One question with one answer: right for whom it is right, wrong for all others.
    expect([state, figures]).toMatchObject([
      'finished',
      { task: 'qa-classification', count: answers.length, accuracy: 1 / answers.length },
    ])
    expect(warnings).toEqual([
      expect.stringContaining('does not say what its labels are called'),
      expect.stringContaining(`2 of the folder’s labels are not known to the model (${answers.slice(-2).join(', ')})`),
    ])
    const confusion = await workbench.client.evaluation.confusion({ id })
    const column = confusion?.counts[0]?.indexOf(1) ?? -1
    expect(confusion).toEqual({
      labels: answers,
      counts: answers.map(() => answers.map((_, index) => Number(index === column))),
    })
    expect(await bench.failures(id)).toHaveLength(answers.length - 1)
  })

  it('refuses what does not fit, by name', async () => {
    const home = await bench.annotations(
      'questions',
      'train.jsonl',
      jsonl({ video_name: 'meadow', question: 'is it red?', answer: 'no' }),
    )
    const start = (...chosen: Parameters<Evaluating['choose']>) =>
      workbench.client.evaluation.start(bench.choose(...chosen))
    await expect(start(home, 'qa_classification')).rejects.toThrow(
      'has no row held out for validation or the test; it has rows for train',
    )
    await expect(start(home, 'qa_classification', { split: 'test' })).rejects.toThrow('has no row in the split ‘test’')
    await expect(start(home, 'starter')).rejects.toThrow('The model ‘starter’ is evaluated by retrieval, but ')
    await expect(start(home, 'nobody')).rejects.toThrow('There is no model ‘nobody’')
    await expect(
      workbench.client.evaluation.start(
        evaluationChoice.parse({ dataset: { folder: home, task: 'qa-multichoice' }, model: 'qa_classification' }),
      ),
    ).rejects.toThrow('of kind qa-classification, which is evaluated by qa-classification, not by qa-multichoice')
  })
})
