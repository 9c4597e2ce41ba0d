import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { once } from '../../support/once.ts'
import { isWhole } from '../../support/sample.ts'
import { drawVideos } from '../../support/videos/ffmpeg.ts'
import { expectKept, expectPlayable, expectTrueSentence } from '../support/demo-library.ts'
import type { CommandBench } from './command-bench.ts'

/** Folders of rows, found or painted. */
export function datasetCommands({ at, lfvila, rows, runs }: CommandBench): void {
  it(
    'checks a folder, and makes rows of HD-VILA’s metadata',
    runs(['dataset check --no-probe', 'dataset hd-vila --texts --out'], async () => {
      expect(await lfvila('dataset', 'check', rows(), '--no-probe')).toMatchObject({
        format: 'captions-beside-videos',
        counts: { train: 12, validation: 8, test: 8 },
      })
      const clip = (number: number) => ({
        clip_id: `x.${number}.mp4`,
        span: [`00:00:0${number}.000`, `00:00:0${number + 1}.000`],
      })
      await writeFile(
        at('meta.jsonl'),
        JSON.stringify({ video_id: 'x', url: 'https://www.youtube.com/watch?v=x', clip: [1, 2, 3, 4].map(clip) }),
      )
      await writeFile(
        at('texts.jsonl'),
        JSON.stringify(Object.fromEntries([1, 2, 3, 4].map(number => [`x.${number}.mp4`, 'a red film']))),
      )
      const made = await lfvila(
        'dataset',
        'hd-vila',
        at('meta.jsonl'),
        '--texts',
        at('texts.jsonl'),
        '--out',
        at('made.jsonl'),
      )
      expect(made).toMatchObject({ longVideos: 1, keptClips: 4 })
      expect(JSON.parse(await readFile(at('made.jsonl'), 'utf8'))).toHaveLength(4)
    }),
    300_000,
  )

  it(
    'makes a video of a folder of extracted frames',
    runs(['dataset frames --frame-rate --out', 'dataset frames --frame-rate --out --overwrite'], async () => {
      await mkdir(at('frames', 'clip'), { recursive: true })
      await drawVideos(
        [{ file: at('frames', 'clip', '%06d.jpg'), source: 'color=red:s=64x48:r=3:d=2' }],
        ['-f', 'image2'],
      )
      const make = (...options: string[]) =>
        lfvila('dataset', 'frames', at('frames'), '--frame-rate', '3', '--out', at('of-frames'), ...options)
      expect(await make()).toMatchObject({ videos: 1, pictures: 6, kept: 0, problems: [] })
      expect(await make('--overwrite')).toMatchObject({ videos: 1, kept: 0 })
      expect(existsSync(at('of-frames', 'clip.mkv'))).toBe(true)
    }),
    300_000,
  )

  it(
    'takes parts of videos to annotation tools and back',
    runs(
      ['csv', 'elan', 'label-studio'].map(tool => `dataset export --as ${tool} --out --into --tier --frame-rate`),
      async () => {
        const spans = at('spans.csv')
        await writeFile(spans, 'video,start,end,text\na.mp4,0,1,she cuts\na.mp4,2,3,she stirs\n')
        const exported = (from: string, ...options: string[]) => lfvila('dataset', 'export', from, ...options)
        expect(await exported(spans, '--as', 'elan', '--out', at('sessions'))).toMatchObject({ spans: 2, files: 1 })
        const table = at('corrected.csv')
        await exported(at('sessions'), '--as', 'csv', '--tier', 'default', '--out', table)
        await writeFile(table, (await readFile(table, 'utf8')).replace('she cuts', 'she chops'))
        const back = ['--as', 'elan', '--into', at('sessions'), '--out', at('back')]
        expect(await exported(table, ...back)).toMatchObject({ changed: 1, unchanged: 1, untouched: 0, problems: [] })
        expect(await readFile(at('back', 'a.eaf'), 'utf8')).toContain('<ANNOTATION_VALUE>she chops</ANNOTATION_VALUE>')
        const tasks = ['--as', 'label-studio', '--frame-rate', '25', '--out', at('tasks.json')]
        expect(await exported(table, ...tasks)).toMatchObject({ added: 2, problems: [] })
        expect(JSON.parse(await readFile(at('tasks.json'), 'utf8'))).toHaveLength(1)
      },
    ),
    300_000,
  )

  it(
    'names the devices and paints the demo',
    runs(['devices', 'demo'], async () => {
      expect(await lfvila('devices')).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: 'cpu', usable: true })]),
      )
      // Three codecs are left without them, and one that stands upright.
      const kept = isWhole ? [] : ['Squares at work.mov', 'Triangles in the garden.mkv', 'Meetings and partings.webm']
      await mkdir(at('demo'))
      for (const name of kept) await writeFile(at('demo', name), 'kept')
      const library = await lfvila<{ videos: string[]; captions: string[] }>('demo', at('demo'))
      await expectPlayable(at('demo'), library, kept)
      for (const name of kept) expect(await readFile(at('demo', name), 'utf8')).toBe('kept')
      await expectTrueSentence(at('demo'))
      await expectKept(at('demo'))
    }),
    900_000,
  )

  it(
    'looks at what it stands on, and reports it',
    runs(['doctor --report --no-paths --overwrite'], async () => {
      const report = at('report.txt')
      for (const words of [[], ['--no-paths', '--overwrite']]) {
        const told = await lfvila<{ findings: { subject: string; state: string }[] }>(
          'doctor',
          '--report',
          report,
          ...words,
        )
        expect(told.findings).toContainEqual(expect.objectContaining({ subject: 'database', state: 'fine' }))
        expect((await readFile(report, 'utf8')).includes(at('workspace'))).toBe(words.length === 0)
      }
    }),
    120_000,
  )

  const paintStories = (folder: string, split: string, twins: string) =>
    lfvila<{ videos: string[]; annotations: string[] }>(
      'demo',
      at(folder),
      ...['--stories', '4', '--seed', '2', '--split', split, '--twins', twins],
      ...['--scenes', '4-5', '--seconds', '1-1.5', '--size', '96x64', '--fps', '8'],
    )
  const trainStories = once(() => paintStories('stories', 'train', 'half'))

  for (const [folder, split, twins] of [
    ['stories', 'train', 'half'],
    ['stories', 'val', 'all'],
    ['stories', 'test', 'none'],
    ['places', 'train', 'places'],
  ] as const) {
    it(
      `paints ${folder} of the split ${split}`,
      runs(
        [`demo --stories --seed --split ${split} --twins ${twins} --scenes --seconds --size --fps`, 'dataset check'],
        async () => {
          // With the rows of training there is something to train on.
          const first = await trainStories()
          const made = twins === 'half' ? first : await paintStories(folder, split, twins)
          expect(made.videos.map(file => existsSync(file))).toEqual([true, true, true, true])
          expect(made.annotations.map(file => existsSync(file))).not.toContain(false)
          expect(await lfvila('dataset', 'check', at(folder))).toMatchObject({
            format: 'activitynet-captions',
            problems: [],
          })
        },
      ),
      300_000,
    )
  }
}
