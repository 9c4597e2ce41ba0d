import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { largestReport, tierForms } from '../../../main/api/common/rules.ts'
import { precisionChoice } from '../../../main/api/engine.ts'
import { spansOfTiers } from '../../../main/tiers/tier-document.ts'
import { elanDocument } from '../../../main/training/data/annotation-tools/elan-document.ts'
import { once } from '../../support/once.ts'
import { colourNames } from '../support/colour-videos.ts'
import type { CommandBench } from './command-bench.ts'

interface Hit {
  rank: number
  path: string
  score: number
  start: number
  end: number
}

const scenes = [
  { name: 'people', spans: [{ text: 'nobody', start: 0, end: 0.2 }] },
  { name: 'light', spans: [{ text: 'dim', start: 0.2, end: 0.4 }] },
]

const machine = (precision: string) => ['--model', 'found', '--device', 'cpu', '--precision', precision]

/** From videos to what is found in them, and why. */
export function searchingCommands({ at, lfvila, runs, testVideo, trained }: CommandBench): void {
  /** The videos of the test in single precision, with their moments. */
  const indexed = once(async () => {
    await trained()
    return lfvila('index', at('rows', 'test'), ...machine('fp32'), '--dense')
  })

  for (const precision of precisionChoice.options) {
    it(
      `indexes and finds in ${precision}`,
      runs(
        [
          `index --model --device --precision ${precision}`,
          `index${precision === 'fp32' ? ' --dense' : ''}`,
          'search --top --folder',
        ],
        async () => {
          await trained()
          const there = machine(precision)
          const report = precision === 'fp32' ? await indexed() : await lfvila('index', at('rows', 'test'), ...there)
          expect(report).toMatchObject({ videos: 8, failed: [] })
          // In single precision the figure, in the others that they find at all: each opens the workbench anew.
          const asked = precision === 'fp32' ? colourNames : colourNames.slice(0, 1)
          let first = 0
          for (const colour of asked) {
            const hits = await lfvila<Hit[]>(
              'search',
              `A ${colour} film. The film is ${colour}.`,
              '--top',
              '3',
              '--folder',
              at('rows', 'test'),
              ...there,
            )
            expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3])
            first += Number(hits[0]?.path === testVideo(colour))
          }
          // Eight videos: a guess finds one.
          if (precision === 'fp32') expect(first).toBeGreaterThan(1)
        },
      ),
      900_000,
    )
  }

  it(
    'tags videos',
    runs(['tag --add --remove'], async () => {
      await trained()
      const red = testVideo('red')
      expect(await lfvila('tag', red, testVideo('blue'), '--add', 'warm, seen')).toMatchObject([
        { path: red, tags: ['seen', 'warm'] },
        { tags: ['seen', 'warm'] },
      ])
      expect(await lfvila('tag', testVideo('blue'), '--remove', 'Warm')).toMatchObject([{ tags: ['seen'] }])
      expect(await lfvila('tag')).toEqual([
        { tag: 'seen', videos: 2 },
        { tag: 'warm', videos: 1 },
      ])
    }),
  )

  it(
    'shows captions, and saves them or takes them from the file',
    runs(['captions --save --overwrite', 'captions --revert'], async () => {
      const red = testVideo('red')
      const told = await lfvila<{ file: string; sentences: { text: string }[] }>('captions', red)
      expect(told).toMatchObject({ edited: false, changed: false })
      expect(told.sentences.length).toBeGreaterThan(0)
      const before = await readFile(told.file, 'utf8')
      expect(await lfvila('captions', red, '--save', '--overwrite')).toEqual({
        outcome: 'saved',
        file: told.file,
        backup: null,
        remarks: [],
      })
      expect(await readFile(told.file, 'utf8')).toBe(before)
      expect(await lfvila('captions', red, '--revert')).toEqual(told)
      expect(await lfvila('captions')).toEqual([])
    }),
  )

  it(
    'takes tiers from a session of ELAN, and writes them for other tools',
    runs(
      ['tiers --read --tier', ...tierForms.map(form => `tiers --as ${form} --out --captions --overwrite`)],
      async () => {
        const red = testVideo('red')
        const session = at('scenes.eaf')
        await writeFile(session, elanDocument('red.mp4', spansOfTiers('red.mp4', scenes), '2026-01-01T00:00:00Z'))
        expect(await lfvila('tiers', red, '--read', session, '--tier', 'light')).toEqual({
          tiers: [{ name: 'light', spans: 1, left: 0 }],
          note: expect.stringContaining('red.mp4'),
        })
        expect(await lfvila('tiers', red)).toEqual([scenes[1]])
        const [json, table] = [at('tiers.json'), at('tiers.csv')]
        expect(await lfvila('tiers', red, '--as', 'json', '--out', json)).toMatchObject({ tiers: 1, spans: 1 })
        expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject([
          { start: 0.2, end: 0.4, text: 'dim', tier: 'light' },
        ])
        await writeFile(table, '')
        await lfvila('tiers', red, '--as', 'csv', '--out', table, '--captions', '--overwrite')
        expect(await readFile(table, 'utf8')).toContain('0.2,0.4,dim,light')
        const [again, tasks] = [at('again.eaf'), at('tier-tasks.json')]
        expect(await lfvila('tiers', red, '--as', 'elan', '--out', again)).toMatchObject({ tiers: 1, spans: 1 })
        expect(await readFile(again, 'utf8')).toContain('<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="light">')
        expect(await lfvila('tiers', red, '--as', 'label-studio', '--out', tasks)).toMatchObject({
          labellingInterface: expect.stringContaining('light'),
        })
      },
    ),
  )

  it(
    'lays the library out as a map',
    runs(['map --clips', 'map --anew --method umap --text', 'map --method pca --out --overwrite'], async () => {
      await indexed()
      const map = async (...options: string[]) =>
        (await lfvila<{ map: { x: number; y: number }[] }>('map', ...options, ...machine('fp32'))).map
      const videos = await map('--method', 'pca', '--out', at('map.csv'), '--overwrite')
      expect(videos).toHaveLength(8)
      expect(await readFile(at('map.csv'), 'utf8')).toMatch(/^path,start,end,x,y\r\n(.+\.mp4(,-?[\d.]+){4}\r\n){8}$/)
      // Eight points are too few for UMAP: these are the principal components again, with the score of a text.
      const scored = await map('--anew', '--method', 'umap', '--text', 'A red film.')
      expect(scored.map(({ x, y }) => ({ x, y }))).toEqual(videos.map(({ x, y }) => ({ x, y })))
      expect(scored.every(one => 'score' in one)).toBe(true)
      // A second of film is one clip or more.
      expect((await map('--clips')).length).toBeGreaterThanOrEqual(8)
    }),
    900_000,
  )

  it(
    'says why one video is not above another',
    runs(['why-not --text --texts --videos', 'why-not --at'], async () => {
      await indexed()
      interface Why {
        readonly before: { readonly wanted: number; readonly over: number }
        readonly searches: readonly {
          readonly subject: string
          readonly trials: number
          readonly end: string
          readonly steps: readonly { readonly after: { readonly wanted: number; readonly over: number } }[]
        }[]
      }
      const words = ['--text', 'A red film. The film is red.', '--texts', '40', '--videos', '4']
      const found = await lfvila<Why>('why-not', testVideo('blue'), testVideo('red'), ...words, ...machine('fp32'))
      expect(found.searches.map(({ subject }) => subject)).toEqual(['text', 'clips'])
      for (const { end, steps, trials } of found.searches) {
        const { wanted, over } = steps.at(-1)?.after ?? found.before
        expect(end === 'flipped').toBe(wanted > over)
        expect(trials).toBeLessThanOrEqual(40)
      }
      const moment = await lfvila<Why & { moments: Record<'wanted' | 'over', { start: number }> }>(
        ...['why-not', testVideo('red'), ...words, '--at', '0.5', ...machine('fp32')],
      )
      expect(moment.searches.map(({ subject }) => subject)).toEqual(['text'])
      expect(moment.moments.wanted.start).toBeLessThanOrEqual(0.5)
      // The scores are those of the search: its moments are what is compared.
      const hits = await lfvila<Hit[]>('search', words[1]!, '--level', 'moment', '--top', '8', ...machine('fp32'))
      const scoreAt = (from: number) => hits.filter(({ start }) => start === from).map(({ score }) => score)
      const near = (score: number) => expect.closeTo(score, 5) as number
      expect(scoreAt(moment.moments.wanted.start)).toContainEqual(near(moment.before.wanted))
      expect(scoreAt(moment.moments.over.start)).toContainEqual(near(moment.before.over))
      await expect(lfvila('why-not', testVideo('red'), testVideo('red'), ...words, ...machine('fp32'))).rejects.toThrow(
        /cannot be above itself/,
      )
    }),
    900_000,
  )

  it(
    'finds moments, aligns and shows attention',
    runs(
      [
        'search --level video',
        'search --level moment',
        'align --text',
        'align --captions',
        'report --text --title --pass overview --language zh --out',
        'report --captions --pass dense --language en --out --overwrite',
        'attention --stage --block --head',
        'attention --stage --rollout',
        'attention --stage --block --at',
      ],
      async () => {
        await indexed()
        const there = machine('fp32')
        for (const level of ['video', 'moment']) {
          const hits = await lfvila<Hit[]>('search', 'a red film', '--level', level, '--top', '2', ...there)
          expect(hits.map(({ rank }) => rank)).toEqual([1, 2])
          for (const { start, end } of hits) expect(end).toBeGreaterThan(start)
        }
        const aligned = z.object({
          clips: z.array(z.unknown()),
          sentences: z.array(z.string()),
          similarity: z.array(z.array(z.number())),
        })
        for (const text of [
          ['--text', 'A red film. The film is red.'],
          ['--captions', at('rows', 'test', 'v_test_red_0.txt')],
        ]) {
          const { clips, sentences, similarity } = aligned.parse(
            await lfvila('align', testVideo('red'), ...text, ...there),
          )
          expect([similarity.length, similarity[0]?.length]).toEqual([clips.length, sentences.length])
          expect(sentences).toHaveLength(2)
        }
        const page = at('reports', 'red.html')
        const report = z.object({ path: z.literal(page), bytes: z.number().max(largestReport) })
        for (const asked of [
          ['--text', 'A red film. The film is red.', '--pass', 'overview', '--title', 'A <script>', '--language', 'zh'],
          ['--captions', at('rows', 'test', 'v_test_red_0.txt'), '--pass', 'dense', '--language', 'en', '--overwrite'],
        ]) {
          report.parse(await lfvila('report', testVideo('red'), ...asked, '--out', page, ...there))
        }
        expect(await readFile(page, 'utf8')).toContain('<title>')
        const shown = z.object({ frames: z.array(z.number()), map: z.array(z.array(z.number())) })
        for (const which of [
          ['--block', '0'],
          ['--block', '0', '--head', '1'],
          ['--rollout'],
          ['--block', '0', '--at', '0.5'],
        ]) {
          const { frames, map } = shown.parse(
            await lfvila('attention', testVideo('red'), '--stage', '2', ...which, ...there),
          )
          expect([frames.length, map.length, map[0]?.length]).toEqual([4, 4, 4])
          for (const row of map) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3)
        }
      },
    ),
    900_000,
  )
}
