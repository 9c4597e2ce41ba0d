import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Alignment } from '../../../main/api/inspection/inspect.ts'
import { qualityFor } from '../../../main/report/film.ts'
import type { ReportContent } from '../../../main/report/page/report-content.ts'
import { reportPage } from '../../../main/report/page/report-page.ts'
import { spansOf } from '../../../main/report/page/report-spans.ts'

const hostile = `</script><script>alert("1 & 2")</script><img src=x onerror='alert(3)'>`

const clips = [0, 4, 8].map(start => ({ start, end: start + 4, thumbnail: '' }))
const alignment: Alignment = {
  videoId: 7,
  duration: 12,
  pass: 'dense',
  clips,
  sentences: [
    { text: hostile, start: 0, end: 3 },
    { text: 'Then it ends.', start: null, end: null },
  ],
  similarity: [
    [0.5, -0.25],
    [0.1, 0.2],
    [0.4, 0.9],
  ],
  path: [0, 1, 0],
  windows: [{ start: 0, end: 4 }, null],
  temperature: 0.05,
  model: 'm"><script>',
  warnings: [hostile],
}
const content: ReportContent = {
  title: hostile,
  language: 'en',
  videoName: `${hostile}.mp4`,
  alignment,
  clipPictures: ['data:image/jpeg;base64,AAAA', null, null],
  results: [{ rank: 1, name: hostile, score: 0.7, duration: 12, picture: null, own: true }],
  attention: {
    frames: [
      { time: 0, picture: null },
      { time: 6, picture: null },
    ],
    stages: [
      {
        window: 2,
        mean: [
          [0.5, 0.5],
          [0.25, 0.75],
        ],
      },
    ],
  },
  provenance: {
    version: '1.2.3',
    model: { id: hostile, hash: 'abc' },
    sampling: 'exact',
    denseRate: 1,
    precision: 'fp32',
    videos: [{ id: 7, path: `/home/someone/${hostile}`, contentId: 'def' }],
  },
  warnings: [hostile],
  at: Date.UTC(2026, 0, 2),
}
const film = { format: 'mp4' as const, bytes: Buffer.from('film') }
const page = reportPage(content, film)

describe('reportPage', () => {
  it('reads nothing that it was given as markup', () => {
    // Its own four elements: data, film, script; and the closing of each.
    expect(page.match(/<script\b/g)).toHaveLength(3)
    expect(page.match(/<\/script>/g)).toHaveLength(3)
    expect(page).not.toMatch(/<img src=x/)
    expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(&quot;1 &amp; 2&quot;)')
  })

  it('gives its script all sentences as they are', () => {
    const data = /<script type="application\/json" id="data">(.*)<\/script>/.exec(page)?.[1] ?? ''
    expect(JSON.parse(data)).toMatchObject({
      type: 'video/mp4',
      clips: [
        [0, 4],
        [4, 8],
        [8, 12],
      ],
      sentences: [hostile, 'Then it ends.'],
      frames: ['0:00', '0:06'],
    })
  })

  it('allows its own script and style alone, by their hashes, and asks nothing of a network', () => {
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)?.[1] ?? ''
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${hash(/<script>([\s\S]*?)<\/script>/.exec(page)?.[1])};`)
    expect(policy).toContain(`style-src ${hash(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1])};`)
    expect(policy).not.toContain('unsafe')
    expect(page).not.toMatch(/\sstyle="/)
    expect([...page.matchAll(/(?:src|href)="([^"]{0,12})/g)].map(([, address]) => address)).toEqual([
      'data:image/jp'.slice(0, 12),
    ])
    expect(page.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
  })

  it('names the file and its content, but not the folder it lies in', () => {
    expect(page).toContain('<code>def</code>')
    expect(page).not.toContain('/home/someone')
  })

  it('is as long as said before the film is made', () => {
    const added = Buffer.byteLength(page) - Buffer.byteLength(reportPage(content, null))
    expect(added).toBeLessThan(1000 + (film.bytes.length * 4) / 3)
  })
})

describe('spansOf', () => {
  it('joins neighbouring clips of the path, and leaves what is not known empty', () => {
    expect(spansOf(alignment)).toEqual([
      {
        found: [[0, 4]],
        onPath: [
          [0, 4],
          [8, 12],
        ],
        caption: [[0, 3]],
      },
      { found: [], onPath: [[4, 8]], caption: [] },
    ])
    expect(spansOf({ ...alignment, path: [0, 0, 1] })[0]?.onPath).toEqual([[0, 8]])
  })
})

describe('qualityFor', () => {
  it.each([
    // A minute has room for all that a small window shows; an hour gets a small picture without sound.
    [60, { height: 360, rate: 25, kilobits: 652, sound: 48 }],
    [600, { height: 240, rate: 15, kilobits: 132, sound: 48 }],
    [3600, { height: 120, rate: 5, kilobits: 30, sound: 0 }],
  ])('fits %d seconds into 15 MB', (duration, expected) => {
    const quality = qualityFor(15_000_000, { duration, hasAudio: true })
    expect(quality).toEqual(expected)
    expect((1000 * (quality.kilobits + quality.sound) * duration) / 8).toBeLessThanOrEqual(15_000_000)
  })
})
