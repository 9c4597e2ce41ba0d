import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { highlightLevels, momentLengths } from '../../../../main/api/common/rules.ts'
import { momentFigures } from '../../../../main/training/moments/moment-figures.ts'
import type { JudgedQuery } from '../../../../main/training/moments/moment-query.ts'
import { roundedFraction } from '../../../../main/training/moments/rounded-fraction.ts'

const byName = z.record(z.string(), z.number())
/** Made up, with ties, doubled truths and more than ten windows; the numbers are those of the public evaluator. */
const { cases } = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        queries: z.array(
          z.object({
            qid: z.number(),
            duration: z.number(),
            relevant_windows: z.array(z.tuple([z.number(), z.number()])),
            relevant_clip_ids: z.array(z.number()),
            saliency_scores: z.array(z.array(z.number())),
          }),
        ),
        predictions: z.array(
          z.object({
            qid: z.number(),
            pred_relevant_windows: z.array(z.tuple([z.number(), z.number(), z.number()])),
            pred_saliency_scores: z.array(z.number()),
          }),
        ),
        metrics: z.record(z.string(), z.record(z.string(), z.union([z.number(), byName]))),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../../fixtures/moment-figures.json'), 'utf8')))

type Case = (typeof cases)[number]
const judged = ({ queries, predictions }: Case): JudgedQuery[] =>
  queries.flatMap(({ qid, duration, relevant_windows: windows, relevant_clip_ids: ids, saliency_scores: given }) =>
    predictions
      .filter(prediction => prediction.qid === qid)
      .map(prediction => ({
        query: {
          ...{ qid, query: `q${qid}`, vid: `v${qid}`, duration, windows },
          saliency: ids.map((clip, place) => ({ clip, scores: given[place] ?? [] })),
        },
        prediction: { windows: prediction.pred_relevant_windows, saliency: prediction.pred_saliency_scores },
      })),
  )
/** Per cent with two decimals, as that evaluator prints them. */
const percent = (figures: Readonly<Record<string, number>> | undefined) =>
  Object.fromEntries(Object.entries(figures ?? {}).map(([name, value]) => [name, Number((100 * value).toFixed(2))]))
const levels = { fair: 'HL-min-Fair', good: 'HL-min-Good', veryGood: 'HL-min-VeryGood' } as const

describe.each(cases)('moments of $name windows', one => {
  const figures = momentFigures(judged(one))

  it('has fewer queries than there are, since one has no prediction and one prediction no query', () => {
    expect(figures.count).toBeLessThan(one.queries.length)
    expect(figures.count).toBeLessThan(one.predictions.length)
  })

  it.each(momentLengths)('recalls and ranks moments as the public evaluator does: %s', length => {
    const { r1, mAP } = figures.lengths[length] ?? {}
    expect({ 'MR-mAP': percent(mAP), 'MR-R1': percent(r1) }).toEqual(one.metrics[length])
  })

  it.each(highlightLevels)('finds highlights as the public evaluator does: %s', level => {
    const { mAP = 0, hit1 = 0 } = figures.highlights?.[level] ?? {}
    expect(percent({ 'HL-mAP': mAP, 'HL-Hit1': hit1 })).toEqual(one.metrics[levels[level]])
  })
})

describe('one query', () => {
  const query = { qid: 1, query: 'q', vid: 'v', duration: 20, windows: [[4, 8]] as const, saliency: null }
  const of = (...windows: (readonly [number, number, number])[]) =>
    momentFigures([{ query, prediction: { windows, saliency: null } }])

  it('is found by the window listed first, whatever the scores', () => {
    const { full } = of([0, 2, 0.1], [4, 8, 0.9]).lengths
    expect([full?.r1['0.5'], full?.mIoU, full?.mAP['0.95']]).toEqual([0, 0, 1])
  })

  it('is missed without a window, and by an eleventh one', () => {
    expect(of().lengths.full).toMatchObject({ count: 1, mIoU: 0, r1: { 0.5: 0 }, mAP: { average: 0 } })
    const wrong = Array.from({ length: 10 }, (_, place) => [10 + place, 11 + place, 0] as const)
    expect(of(...wrong, [4, 8, 1]).lengths.full?.mAP.average).toBe(0)
  })

  it('has no other length than its own, and no highlights where nobody rated', () => {
    const { lengths, highlights } = of([4, 8, 1])
    expect([lengths.short?.count, lengths.middle, lengths.long, highlights]).toEqual([1, null, null, null])
  })

  it('takes mean overlap as IoU', () => {
    expect(of([6, 12, 1]).lengths.full?.mIoU).toBe(0.25)
  })
})

it('rounds as Python prints: an exact half goes to the even hundredth', () => {
  // f"{100 * 17 / 32:.2f}", f"{100 * 3 / 32:.2f}", f"{100 * 2 / 3:.2f}"
  expect([17 / 32, 3 / 32, 2 / 3].map(roundedFraction)).toEqual([0.5312, 0.0938, 0.6667])
})
