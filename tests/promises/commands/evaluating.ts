import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { noticedOrders } from '../../../main/api/common/rules.ts'
import type { Agreement, Certificate } from '../../../main/api/evaluation/certificate.ts'
import type { Conditions } from '../../../main/api/evaluation/conditions.ts'
import type { ProbedQuery, TimeProbe } from '../../../main/api/evaluation/evaluation.ts'
import type { Figures } from '../../../main/api/evaluation/figures.ts'
import type { EvaluatedProtocol } from '../../../main/api/evaluation/protocol.ts'
import type { Survivors } from '../../../main/api/evaluation/survivors.ts'
import type { DatasetReport } from '../../../main/api/training/datasets.ts'
import type { CommandBench } from './command-bench.ts'

interface Certified {
  evaluation: string
  conditions?: Conditions
  certificate?: string
  agreement?: Agreement
  survivors?: Survivors
  protocol?: EvaluatedProtocol
}

interface Probe {
  timeProbe: { variants: (TimeProbe['variants'][number] & { worst: ProbedQuery[] })[] }
  groups: { textToVideo: number }
}

/** What is said of scores, and beside them. */
export function evaluatingCommands({ at, lfvila, rows, runs, testVideo, trained }: CommandBench): void {
  it(
    'finds out that the starter uses time, by stories and their twins',
    runs(['demo --stories --twins all', 'evaluate --no-alignment --time-probe --probe-seed'], async () => {
      const folder = at('told')
      const drawn = ['--stories', '14', '--split', 'test', '--twins', 'all', '--scenes', '4-4', '--seconds', '2-2']
      await lfvila('demo', folder, ...drawn, '--size', '160x96', '--fps', '8')
      const options = ['--model', 'starter', '--no-alignment', '--time-probe', '--probe-seed', '1']
      const { timeProbe, groups } = await lfvila<Probe>('evaluate', folder, ...options)
      const { reversed, shuffled } = Object.fromEntries(timeProbe.variants.map(found => [found.variant, found]))
      // In a story told backwards its twin is nearer than itself.
      expect(groups.textToVideo).toBeGreaterThan(0.7)
      expect(reversed).toMatchObject({ count: 14, groups: { before: groups.textToVideo } })
      expect(reversed?.groups?.after).toBeLessThan(0.5)
      for (const variant of [reversed, shuffled]) {
        expect(variant?.figure.after).toBeLessThan((variant?.figure.before ?? 0) - 0.2)
      }
      expect(noticedOrders(timeProbe.variants).map(({ variant }) => variant)).toContain('reversed')
      const [worst] = reversed?.worst ?? []
      expect((worst?.after.rank ?? 0) - (worst?.before.rank ?? 0)).toBeGreaterThan(2)
    }),
    900_000,
  )

  it(
    'scores predicted moments as the public evaluator does, and writes them again',
    runs(
      ['evaluate --task --predictions --predictions-out', 'evaluate --from', 'compare --resamples --seed'],
      async () => {
        const folder = at('moments')
        await mkdir(folder, { recursive: true })
        const { cases } = JSON.parse(
          await readFile(join(import.meta.dirname, '../../fixtures/moment-figures.json'), 'utf8'),
        )
        const [{ queries, predictions, metrics }] = cases
        const lines = (rows: readonly object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('')
        await writeFile(join(folder, 'val.jsonl'), lines(queries))
        await writeFile(at('predicted.jsonl'), lines(predictions))
        const [out, certificate] = [at('written.jsonl'), at('moments.certificate.json')]
        const files = ['--predictions-out', out, '--certificate', certificate]
        const first = await lfvila<Certified & Figures & { warnings: string[] }>(
          'evaluate',
          folder,
          ...['--task', 'moments', '--predictions', at('predicted.jsonl'), ...files],
        )
        if (first.task !== 'moments') throw new Error('no moments')
        expect(100 * (first.lengths.full?.r1['0.5'] ?? 0)).toBeCloseTo(metrics.full['MR-R1']['0.5'])
        expect(100 * (first.highlights?.good.mAP ?? 0)).toBeCloseTo(metrics['HL-min-Good']['HL-mAP'])
        // Two queries have no line, and one line no query.
        expect(first.survivors?.queries).toEqual({ there: queries.length - 2, all: queries.length })
        expect(first.warnings.join(' ')).toMatch(/1 × The line has a ‘qid’ of no query .*2 of \d+ queries have no line/)
        const again = await lfvila<Certified & Figures>('evaluate', folder, '--task', 'moments', '--predictions', out)
        if (again.task !== 'moments') throw new Error('no moments')
        expect(again.lengths).toEqual(first.lengths)
        expect((await lfvila<Certified>('evaluate', '--from', certificate)).agreement).toMatchObject({ equal: true })
        const drawn = ['--resamples', '200', '--seed', '3']
        expect(await lfvila('compare', first.evaluation, again.evaluation, ...drawn)).toMatchObject({
          ...{ better: 0, worse: 0, bootstrap: { resamples: 200, seed: 3, confidence: 0.95 } },
          pairs: expect.arrayContaining([expect.objectContaining({ outcome: 'equal' })]),
        })
      },
    ),
    300_000,
  )

  it(
    'says which published protocol it is of, and how much of that',
    runs(['evaluate --protocol --predictions --certificate', 'evaluate --from', 'compare'], async () => {
      const [folder, predicted, certificate] = [at('part'), at('part.jsonl'), at('part.certificate.json')]
      await mkdir(folder, { recursive: true })
      const query = (qid: number) => ({
        ...{ qid, query: `what happens in ${qid}`, duration: 150, vid: `abcdefghij${qid}_60.0_210.0` },
        relevant_windows: [[10, 20 + qid]],
      })
      const predictedOf = (qid: number) => ({ ...query(qid), pred_relevant_windows: [[10, 22, 0.9]] })
      const lines = (rows: readonly object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('')
      await writeFile(join(folder, 'highlight_val_release.jsonl'), lines([query(1), query(2)]))
      await writeFile(predicted, lines([predictedOf(1), predictedOf(2)]))
      const scored = (...words: string[]) =>
        lfvila<Certified>('evaluate', folder, '--predictions', predicted, '--task', 'moments', ...words)
      // Two rows of that form are no reason to take them for a published set.
      const plain = await scored()
      expect(plain.protocol).toMatchObject({ name: null, queries: { there: 2, all: 2 } })
      const part = await scored('--protocol', 'qvhighlights-val', '--certificate', certificate)
      expect(part.protocol).toMatchObject({
        ...{ name: 'qvhighlights-val', complete: false },
        ...{ queries: { there: 2, all: 1550 }, videos: { there: 2, all: 1519 } },
        sentence: expect.stringContaining('QVHighlights val with 2 of its 1,550 queries'),
      })
      expect(part.survivors).toMatchObject({ queries: { there: 2, all: 1550 } })
      const { protocol } = JSON.parse(await readFile(certificate, 'utf8')) as Certificate
      expect(protocol).toMatchObject({ asked: 'qvhighlights-val', published: part.protocol })
      const again = await lfvila<Certified>('evaluate', '--from', certificate)
      expect([again.agreement?.equal, again.protocol]).toEqual([true, part.protocol])
      expect(await lfvila('compare', part.evaluation, again.evaluation)).toMatchObject({
        protocol: { name: 'qvhighlights-val', queries: { there: 2, all: 1550 } },
      })
      await expect(scored('--protocol', 'tacos-test')).rejects.toThrow(
        /is not TACoS test: it has no row in the split test/,
      )
    }),
    300_000,
  )

  it(
    'evaluates from a certificate, and says whether the same came out',
    runs(
      [
        'evaluate --no-alignment --certificate --overwrite --originals --dual-softmax',
        'evaluate --from --videos',
        'evaluate --from',
      ],
      async () => {
        await trained()
        const file = at('found.certificate.json')
        const originals = at('originals')
        await mkdir(originals)
        await copyFile(testVideo('red'), join(originals, basename(testVideo('red'))))
        const first = await lfvila<Certified>(
          'evaluate',
          rows(),
          ...['--task', 'retrieval', '--model', 'found', '--no-alignment', '--certificate', file, '--overwrite'],
          ...['--originals', originals, '--dual-softmax'],
        )
        expect(first.conditions?.copies).toMatchObject({ videos: 8, found: 1, compared: 1, unreadable: 0 })
        expect(first.conditions?.copies?.least?.cosine).toBeCloseTo(1, 5)
        expect(first.conditions?.said.map(({ what }) => what)).toEqual(
          expect.arrayContaining(['text', 'dualSoftmax', 'training', 'negatives', 'copies']),
        )
        expect(first.certificate).toBe(file)
        const written = JSON.parse(await readFile(file, 'utf8')) as Certificate
        expect(written).toMatchObject({
          evaluation: first.evaluation,
          protocol: { task: 'retrieval', ties: 'average' },
          computers: [{ provider: 'cpu', precision: 'fp32' }],
          matrix: { rows: 8, columns: 8 },
          figures: { textToVideo: { count: 8 } },
        })
        expect(written.rows[0]).toMatchObject({
          rank: expect.any(Number),
          file: expect.stringMatching(/^[0-9a-f]{32}$/),
        })
        const again = await lfvila<Certified>('evaluate', '--from', file)
        expect(again.agreement).toMatchObject({ equal: true, first: null, evaluation: first.evaluation })
        expect(again.evaluation).not.toBe(first.evaluation)
        // Another number in the file is found, and told from what follows of it.
        const [row, ...others] = written.rows
        const forged = { ...written, rows: [{ ...row, rank: (row?.rank ?? 0) + 1 }, ...others] }
        await writeFile(file, JSON.stringify(forged))
        const { agreement } = await lfvila<Certified>('evaluate', rows(), '--from', file, '--videos', rows())
        expect(agreement).toMatchObject({
          equal: false,
          first: expect.stringContaining('1 of 8 rows have another rank'),
        })
      },
    ),
    900_000,
  )

  it(
    'lists what is missing, looks at that alone again, and compares two evaluations on what both have',
    runs(['dataset check --missing', 'compare'], async () => {
      const [folder, list] = [at('gaps'), at('gaps-missing.txt')]
      await mkdir(folder)
      await copyFile(testVideo('red'), join(folder, 'a.mp4'))
      await writeFile(join(folder, 'c.mp4'), 'no video')
      const row = (name: string) => JSON.stringify({ clip_id: name, text: [`a film of ${name}`] })
      await writeFile(join(folder, 'test.jsonl'), ['a', 'b', 'c'].map(row).join('\n'))
      const check = () => lfvila<DatasetReport>('dataset', 'check', folder, '--missing', list)
      expect(await check()).toMatchObject({ opened: 2, videos: 1 })
      expect(await readFile(list, 'utf8')).toBe('b\tmissing\nc\tunreadable\n')
      await copyFile(testVideo('blue'), join(folder, 'b.mp4'))
      // The one that was readable is not opened again.
      expect(await check()).toMatchObject({ opened: 2, videos: 2, missing: [{ video: 'c', reason: 'unreadable' }] })
      expect(await readFile(list, 'utf8')).toBe('c\tunreadable\n')

      await trained()
      const options = ['--task', 'retrieval', '--no-alignment', '--model', 'found'] as const
      const first = await lfvila<Certified>('evaluate', folder, ...options)
      expect(first.survivors).toMatchObject({ videos: { there: 2, all: 3 }, queries: { there: 2, all: 3 } })
      const second = await lfvila<Certified>('evaluate', folder, ...options)
      expect(await lfvila('compare', first.evaluation, second.evaluation)).toMatchObject({
        queries: { common: 2 },
        videos: 2,
        better: 0,
        worse: 0,
      })
    }),
    900_000,
  )
}
