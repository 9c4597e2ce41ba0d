import { describe, expect, it } from 'vitest'
import type { Certificate, CertifiedRow } from '../../../../main/api/evaluation/certificate.ts'
import {
  certificateText,
  parseCertificate,
} from '../../../../main/training/evaluation/certificates/certificate-text.ts'
import { compareCertificates } from '../../../../main/training/evaluation/certificates/compare-certificates.ts'
import { withComputer } from '../../../../main/training/evaluation/certificates/this-computer.ts'

const side = { r1: 0.5, r5: 1, r10: 1, r50: 1, medianRank: 1.5, meanRank: 1.5, count: 2 }
const row = (place: number, given: Partial<CertifiedRow> = {}): CertifiedRow => ({
  source: `test.json: v${place}`,
  video: `v${place}.mp4`,
  file: `${place}`.repeat(32),
  rank: place,
  score: 0.1 * place,
  numbers: [0.25, -0.5],
  ...given,
})
const sampling: NonNullable<Certificate['sampling']> = {
  ...{ frames: 16, height: 96, width: 160, mode: 'exact', choice: 'x', framing: null, denseRate: null },
}
const certified = (given: Partial<Certificate> = {}): Certificate => ({
  format: 'lfvila-evaluation/1',
  evaluation: 'starter-1',
  finished: '2026-01-02T03:04:05.678Z',
  model: { id: 'starter', hash: 'a'.repeat(64) },
  predictions: null,
  data: {
    folder: '/data',
    videos: null,
    format: 'activitynet-captions',
    task: 'retrieval',
    splits: { by: 'given' },
    texts: null,
    split: 'test',
    hash: 'b'.repeat(64),
    count: 2,
  },
  protocol: {
    ...{ task: 'retrieval', ties: 'average', batchSize: 16, alignment: false, asked: null },
    published: null,
  },
  conditions: null,
  sampling,
  computers: [
    {
      program: '1.0.0',
      node: '20.1.0',
      onnxruntime: '1.30.0',
      ffmpeg: '5.1',
      platform: 'linux x64',
      cpu: 'One',
      provider: 'cpu',
      precision: 'fp32',
    },
  ],
  figures: { task: 'retrieval', textToVideo: side, videoToText: side, groups: null, alignment: null },
  matrix: { rows: 2, columns: 2, sha256: 'c'.repeat(64) },
  embeddings: { dimension: 2, videos: 'd'.repeat(64), texts: 'e'.repeat(64) },
  rows: [row(1), row(2)],
  ...given,
})

describe('a certificate', () => {
  it('is a file for people, and comes back as it was', () => {
    const text = certificateText(certified())
    expect(text.split('\n').filter(line => line.includes('"source"'))).toHaveLength(2)
    expect(text).toContain('\n  "model": {\n')
    expect(parseCertificate(`\uFEFF${text}`, 'a.json')).toEqual(certified())
  })

  it.each([
    ['not json', 'a.json is no certificate of an evaluation: it is not JSON.'],
    ['{"format": "lfvila-evaluation/1"}', 'a.json is no certificate of an evaluation: evaluation: '],
    ['[]', 'a.json is no certificate of an evaluation: the whole: '],
  ])('is told from something else: %s', (text, sentence) => {
    expect(() => parseCertificate(text, 'a.json')).toThrow(sentence)
  })
})

describe('two certificates', () => {
  const compare = (given: Partial<Certificate>) => compareCertificates(certified(), certified(given))
  const differing = (given: Partial<Certificate>) =>
    compare(given)
      .checks.filter(({ equal }) => !equal)
      .map(({ what }) => what)

  it('are equal to the last bit where nothing differs', () => {
    expect(compare({})).toMatchObject({ equal: true, first: null, evaluation: 'starter-1' })
    expect(differing({})).toEqual([])
  })

  it('are equal where another machine gives other last bits, and say within what', () => {
    const { computers } = certified()
    const elsewhere: Partial<Certificate> = {
      computers: computers.map(one => ({ ...one, cpu: 'Two', node: '22.0.0' })),
      embeddings: { dimension: 2, videos: 'f'.repeat(64), texts: 'e'.repeat(64) },
      matrix: { rows: 2, columns: 2, sha256: 'f'.repeat(64) },
      rows: [row(1, { score: 0.1 + 2e-7, numbers: [0.25 + 3e-7, -0.5] }), row(2)],
    }
    const { equal, first, checks } = compare(elsewhere)
    expect(equal).toBe(true)
    expect(first).toBe(
      'The embeddings differ: they agree within 3.0e-7 (the largest difference among the first numbers of each).',
    )
    expect(checks.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining([
        'It was computed elsewhere: cpu, One then, cpu, Two now; node 20.1.0 then, 22.0.0 now.',
        'The scores differ: those of what is right agree within 2.0e-7.',
        'The ranks of all 2 rows are equal.',
      ]),
    )
  })

  it('name the first row whose video, rank or figure is another', () => {
    const other = { ...certified().figures, textToVideo: { ...side, r1: 0.25 } } as Certificate['figures']
    const { equal, first, checks } = compare({
      rows: [row(1), row(2, { file: '9'.repeat(32), rank: 3 })],
      figures: other,
    })
    expect([equal, first]).toEqual([false, '1 of 2 rows have another video file, first test.json: v2: v2.mp4.'])
    expect(checks.at(-2)?.sentence).toBe('1 of 2 rows have another rank, first test.json: v2: 2 then, 3 now.')
    expect(checks.at(-1)?.sentence).toMatch(/^1 of 17 figures differ, first textToVideo.r1: 0.5 then, 0.25 now/)
    expect(differing({ sampling: { ...sampling, frames: 32 } })).toEqual(['sampling'])
    expect(compare({ rows: [row(1), row(2, { file: null })] }).first).toContain('which can no longer be read')
  })
})

it('names each computer once, the last one last', () => {
  const [one] = certified().computers
  if (!one) throw new Error('none')
  const two = { ...one, cpu: 'Two' }
  expect(withComputer([one, two], one)).toEqual([two, one])
})
