import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MomentQuery } from '../../../../main/training/moments/moment-query.ts'
import { predictionsText, readPredictions } from '../../../../main/training/moments/predictions-file.ts'
import { folderOfTest } from '../../../support/folders.ts'

const query = (qid: number | string, given: Partial<MomentQuery> = {}): MomentQuery => ({
  ...{ qid, query: 'A man reads.', vid: 'a', duration: 10, windows: [[0, 4]], saliency: null },
  ...given,
})
const line = (qid: unknown, windows: unknown = [[0, 4, 0.9]], more: object = {}) =>
  JSON.stringify({ qid, query: 'A man reads.', vid: 'a', pred_relevant_windows: windows, ...more })

async function read(queries: readonly MomentQuery[], text: string | Buffer) {
  const file = join(folderOfTest('predictions'), 'preds.jsonl')
  await writeFile(file, text)
  return readPredictions(file, queries, new AbortController().signal)
}

describe('a file of predictions', () => {
  it.each([
    ['plain', (text: string) => text],
    ['CRLF and a byte order mark', (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`],
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ])('is read in the order of the queries: %s', async (_, written) => {
    const text = [line('2', [[1, 3, 0.5]]), line(1, undefined, { pred_saliency_scores: [1, 2, 3, 4, 5] })].join('\n')
    const { predictions, notices } = await read([query(1), query(2)], written(text))
    expect(predictions).toEqual([
      { windows: [[0, 4, 0.9]], saliency: [1, 2, 3, 4, 5] },
      { windows: [[1, 3, 0.5]], saliency: null },
    ])
    expect(notices).toEqual([])
  })

  it('comes back as it was written', async () => {
    const judged = [1, 2].map(qid => ({
      query: query(qid),
      prediction: { windows: [[0, 2.5, 0.25]] as const, saliency: qid === 1 ? [0.5, -1, 0, 2, 1] : null },
    }))
    const { predictions } = await read([query(1), query(2)], predictionsText(judged))
    expect(predictions).toEqual(judged.map(({ prediction }) => prediction))
  })

  it('leaves out lines with a fault, each kind told with line and field, and counted', async () => {
    const queries = [1, 2, 3, 4, 5, 6, 7, 8].map(qid => query(qid))
    const { predictions, notices } = await read(
      queries,
      [
        line(1),
        line(2, [
          [0, 4, 0.9],
          [5, 3, 0.8],
        ]),
        '{"qid": 3, "vid": "a", "pred_relevant_windows": [[0, 4, NaN]]}',
        line(4, [[0, 4]]),
        line(1, [[2, 3, 1]]),
        line(99),
        line(98),
        '{"qid": 5, "pred_relevant_windows"',
        line(6, []),
        line(7, undefined, { pred_saliency_scores: [1, null] }),
      ].join('\n'),
    )
    expect(predictions.map(prediction => prediction?.windows.length ?? null)).toEqual([
      ...[1, null, null, null, null, 0, null, null],
    ])
    const told = (pattern: RegExp) => notices.filter(notice => pattern.test(notice))
    expect(told(/^1 × .*‘pred_relevant_windows\.1’.*ends before it starts.*left out \(preds\.jsonl:2\)/)).toHaveLength(
      1,
    )
    expect(told(/^1 × .*‘pred_relevant_windows\.0\.2’.*\(preds\.jsonl:3\)/)).toHaveLength(1)
    expect(told(/^1 × .*‘pred_relevant_windows\.0.*\(preds\.jsonl:4\)/)).toHaveLength(1)
    expect(told(/^1 × .*‘qid’ that a line before it has.*\(preds\.jsonl:5: 1, as line 1\)/)).toHaveLength(1)
    expect(told(/^2 × .*‘qid’ of no query.*\(preds\.jsonl:6: 99; preds\.jsonl:7: 98\)/)).toHaveLength(1)
    expect(told(/^1 × .*JSON.*\(preds\.jsonl:8\)/)).toHaveLength(1)
    expect(told(/^1 × .*‘pred_relevant_windows’ is empty.*\(preds\.jsonl:9\)/)).toHaveLength(1)
    expect(told(/^1 × .*‘pred_saliency_scores\.1’.*\(preds\.jsonl:10\)/)).toHaveLength(1)
    expect(notices.at(-1)).toBe(
      '6 of 8 queries have no line in preds.jsonl that can be used (‘qid’ 2, 3, 4, 5, 7, …): the figures are of the others.',
    )
    expect(notices).toHaveLength(9)
  })

  it('tells of scores of another length than the clips, and of a file for other data', async () => {
    const rated = query(1, { saliency: [{ clip: 0, scores: [4, 4, 4] }] })
    const saliency = { pred_saliency_scores: [1, 2, 3] }
    const { notices } = await read(
      [rated, query(2), query(3)],
      [line(1, undefined, saliency), line(2, undefined, { vid: 'b' }), line(3, undefined, { query: 'else' })].join(
        '\n',
      ),
    )
    expect(notices).toEqual([
      expect.stringMatching(/^1 × .*‘pred_saliency_scores’.*another length.*\(preds\.jsonl:1: 3, not 5\)/),
      expect.stringMatching(/^1 × .*another ‘vid’.*\(preds\.jsonl:2: b, not a\)/),
      expect.stringMatching(/^1 × .*another ‘query’.*\(preds\.jsonl:3\)/),
    ])
  })

  it('that is not there is an error with its name', async () => {
    await expect(readPredictions('/nowhere/preds.jsonl', [], new AbortController().signal)).rejects.toThrow(
      /\/nowhere\/preds\.jsonl/,
    )
  })
})
