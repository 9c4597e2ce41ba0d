import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { AnnotationExport } from '../../../../../main/api/training/datasets.ts'
import { exportAnnotations } from '../../../../../main/training/data/annotation-tools/export-annotations.ts'
import { labelledFolder } from '../labelled-folder.ts'
import { elanSession } from './elan-session.ts'

const { at, write, choose, read } = labelledFolder()
const run = ({ from = '', ...options }: Partial<AnnotationExport> & { from?: string; out: string }) =>
  exportAnnotations(
    { choice: choose({ folder: at(from) }), as: 'csv', into: null, overwrite: false, ...options, out: at(options.out) },
    new AbortController().signal,
  )
const text = (name: string) => readFile(at(name), 'utf8')
const table = (...rows: string[]) => ['video,start,end,text,tier,annotation_id,source', ...rows].join('\n')
/** Puts rows back into the session, and gives its lines that differ. */
async function putBack(...rows: string[]) {
  await write({ 'in/one.eaf': elanSession, 'spans/moments.csv': table(...rows) })
  const counts = await run({ from: 'spans', as: 'elan', out: 'back', into: at('in'), overwrite: true })
  const [before, after] = [elanSession.split('\n'), (await text('back/one.eaf')).split('\n')]
  const lines = after.filter(line => !before.includes(line)).map(line => line.trim())
  return { counts, lines, gone: before.filter(line => !after.includes(line)).map(line => line.trim()) }
}

describe('ELAN and back', () => {
  it.each([
    ['LF', elanSession],
    ['CRLF, a byte order mark', `\uFEFF${elanSession.replaceAll('\n', '\r\n')}`],
    ['UTF-16', Buffer.from(`\uFEFF${elanSession.replace('UTF-8', 'UTF-16')}`, 'utf16le')],
  ])('comes home from a table as it was, byte by byte: %s', async (_, session) => {
    await write({ 'in/one.eaf': session, 'in/kitchen.mp4': null })
    await run({ from: 'in', out: 'spans/moments.csv' })
    expect(await text('spans/moments.csv')).toBe(
      [
        'video,start,end,text,tier,annotation_id,source',
        'kitchen.mp4,0.5,2.5,she cuts & stirs,ada,a1,one.eaf',
        'kitchen.mp4,3,4.25,point,hands,a3,one.eaf',
        'kitchen.mp4,5,6,she waits,ada,a2,one.eaf',
        '',
      ].join('\r\n'),
    )
    const counts = await run({ from: 'spans', as: 'elan', out: 'back', into: at('in') })
    expect(counts).toMatchObject({ spans: 3, unchanged: 3, changed: 0, added: 0, untouched: 5, problems: [] })
    expect(await readFile(at('back/one.eaf'))).toEqual(await readFile(at('in/one.eaf')))
  })

  it('changes the times and texts that were corrected, and what they carry with them', async () => {
    const { counts, lines, gone } = await putBack(
      'kitchen.mp4,0.25,2.75,she cuts <bread> & stirs,ada,a1,one.eaf',
      'kitchen.mp4,3,4.25,wave,hands,a3,one.eaf',
      'kitchen.mp4,0.5,2.5,elle coupe du pain,ada-french,a4,one.eaf',
    )
    expect(counts).toMatchObject({ changed: 3, added: 0, unchanged: 0, untouched: 5, problems: [] })
    // The words of the utterance share its edges, which move with it.
    expect(lines).toEqual([
      '<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="250"/>',
      '<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2750"/>',
      '<ANNOTATION_VALUE>she cuts &lt;bread&gt; &amp; stirs</ANNOTATION_VALUE>',
      '<ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" CVE_REF="cve2" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts5">',
      '<ANNOTATION_VALUE>wave</ANNOTATION_VALUE>',
      '<ANNOTATION_VALUE>elle coupe du pain</ANNOTATION_VALUE>',
    ])
    expect(gone).toHaveLength(lines.length)
  })

  it('adds what is new at its time, with the next numbers', async () => {
    const { counts, lines } = await putBack('kitchen.mp4,2.75,3.5,she turns,ada,,')
    expect(counts).toMatchObject({ changed: 0, added: 1, untouched: 8, problems: [] })
    expect(lines).toEqual([
      '<PROPERTY NAME="lastUsedAnnotationId">11</PROPERTY>',
      '<TIME_SLOT TIME_SLOT_ID="ts8" TIME_VALUE="2750"/>',
      '<TIME_SLOT TIME_SLOT_ID="ts9" TIME_VALUE="3500"/>',
      '<ALIGNABLE_ANNOTATION ANNOTATION_ID="a11" TIME_SLOT_REF1="ts8" TIME_SLOT_REF2="ts9">',
      '<ANNOTATION_VALUE>she turns</ANNOTATION_VALUE>',
    ])
    const slots = [...(await text('back/one.eaf')).matchAll(/TIME_VALUE="(\d+)"/g)].map(([, time]) => Number(time))
    expect(slots).toEqual([500, 2500, 2750, 3000, 3500, 4250, 5000, 6000])
    await write({ 'back/kitchen.mp4': null })
    expect((await read({ folder: at('back'), tiers: ['ada'] })).examples[0]?.content).toMatchObject({
      sentences: [{ text: 'she cuts & stirs' }, { text: 'she turns', start: 2.75, end: 3.5 }, { text: 'she waits' }],
    })
  })

  it('moves neighbours past one another when all of them are corrected', async () => {
    const { counts } = await putBack(
      'kitchen.mp4,5.5,7.5,she cuts & stirs,ada,a1,one.eaf',
      'kitchen.mp4,8,9,she waits,ada,a2,one.eaf',
    )
    expect(counts).toMatchObject({ changed: 2, problems: [] })
    await write({ 'back/kitchen.mp4': null })
    expect((await read({ folder: at('back'), tiers: ['ada-words'] })).examples[0]?.content).toMatchObject({
      sentences: [
        { text: 'she cuts', start: 5.5, end: 6.5 },
        { text: 'and stirs', start: 6.5, end: 7.5 },
      ],
    })
  })

  it.each([
    ['overlaps its neighbour', 'kitchen.mp4,0.5,5.5,she cuts & stirs,ada,a1,', /a1 would overlap .*‘ada’/],
    ['is in no vocabulary', 'kitchen.mp4,3,4.25,nod,hands,a3,', /‘nod’ is not in the controlled vocabulary/],
    ['hangs on another', 'kitchen.mp4,1,2,elle coupe et remue,ada-french,a4,', /time of the one it hangs on/],
    ['leaves a gap in what it divides', 'kitchen.mp4,0.75,1.5,she cuts,ada-words,a5,', /a5 shares an edge/],
    ['ends before it starts', 'kitchen.mp4,2,1,she waits,ada,a2,', /ends before it starts/],
    ['is not there', 'kitchen.mp4,2,3,she waits,ada,a99,', /no annotation a99/],
    ['has a tier that is not there', 'kitchen.mp4,2.75,3,x,eve,,', /no tier ‘eve’/],
    ['could be in several tiers', 'kitchen.mp4,2.75,3,x,,,', /names no tier.*‘ada’, ‘hands’/],
    ['is of another video', 'garden.mp4,2.75,3,x,ada,,', /no session is about garden\.mp4/],
  ])('refuses what %s, and leaves the session as it was', async (_, row, why) => {
    const { counts, lines } = await putBack(row)
    expect(counts).toMatchObject({ changed: 0, added: 0, problems: [expect.stringMatching(why)] })
    expect(counts.problems[0]).toMatch(/^moments\.csv:2/)
    expect(lines).toEqual([])
  })

  it('makes sessions of any labelled folder, where what overlaps has tiers of its own', async () => {
    await write({
      'a.mp4': null,
      'train.json': JSON.stringify({
        a: {
          duration: 9,
          timestamps: [
            [0, 2],
            [1, 3],
            [4, 5.5],
          ],
          sentences: ['one', 'two & <2>', 'three'],
        },
      }),
    })
    expect(await run({ as: 'elan', out: 'new' })).toMatchObject({ spans: 3, added: 3, files: 1, problems: [] })
    await write({ 'new/a.mp4': null })
    const dataset = await read({ folder: at('new') })
    expect(dataset.tiers).toEqual([
      { name: 'default', count: 2, taken: true },
      { name: 'default 2', count: 1, taken: true },
    ])
    expect(dataset.examples[0]?.content).toMatchObject({
      sentences: [
        { text: 'one', start: 0, end: 2 },
        { text: 'two & <2>', start: 1, end: 3 },
        { text: 'three', start: 4, end: 5.5 },
      ],
    })
  })
})

describe('Label Studio and back', () => {
  const result = (id: string, start: number, end: number, label: string) => ({
    original_length: 12.5,
    value: { ranges: [{ start, end }], timelinelabels: [label] },
    id,
    from_name: 'act',
    to_name: 'video',
    type: 'timelinelabels',
    origin: 'manual',
    meta: { text: ['unsure'] },
  })
  const box = {
    id: 'b1',
    type: 'videorectangle',
    value: { sequence: [{ frame: 1, x: 2.5, enabled: true }], labels: ['cup'] },
  }
  const tasks = [
    {
      id: 7,
      annotations: [
        {
          id: 70,
          completed_by: 3,
          result: [result('r1', 1, 25, 'cut'), box, result('r2', 51, 75, 'stir')],
          lead_time: 12.5,
        },
      ],
      data: { video: '/data/upload/1/0f3c9a1b-a.mp4', room: 4 },
      meta: { camera: 'left' },
      predictions: [{ id: 1, result: [] }],
    },
  ]
  const rate = { frameRate: 25 }
  const putBackInto = async (...rows: string[]) => {
    await write({ 'in/export.json': JSON.stringify(tasks), 'spans/moments.csv': table(...rows) })
    const counts = await run({
      choice: choose({ folder: at('spans'), ...rate }),
      as: 'label-studio',
      out: 'back.json',
      into: at('in/export.json'),
      overwrite: true,
    })
    return { counts, back: JSON.parse(await text('back.json')) as typeof tasks }
  }

  it('comes home from a table as it was', async () => {
    await write({ 'in/export.json': JSON.stringify(tasks), 'in/a.mp4': null })
    await run({ choice: choose({ folder: at('in'), ...rate }), out: 'spans.csv' })
    const [header, ...rows] = (await text('spans.csv')).trim().split('\r\n')
    expect(header).toBe('video,start,end,text,tier,annotation_id,source')
    expect(rows).toEqual([
      '0f3c9a1b-a.mp4,0,1,cut,act,7/70/r1,export.json',
      '0f3c9a1b-a.mp4,2,3,stir,act,7/70/r2,export.json',
    ])
    const { counts, back } = await putBackInto(...rows)
    expect(counts).toMatchObject({ unchanged: 2, changed: 0, added: 0, untouched: 0, problems: [] })
    expect(back).toEqual(tasks)
  })

  it('corrects the short export as well, whose regions are known by their tag and place', async () => {
    const region = (start: number, end: number, label: string) => ({
      ranges: [{ start, end }],
      timelinelabels: [label],
    })
    const record = {
      ...{ video: '/data/upload/1/0f3c9a1b-a.mp4', room: 4, id: 7 },
      ...{ act: [region(1, 25, 'cut'), region(51, 75, 'stir')], annotator: 1, annotation_id: 70, lead_time: 12.5 },
    }
    await write({ 'short/export.json': JSON.stringify([record]), 'short/a.mp4': null })
    await run({ choice: choose({ folder: at('short'), ...rate }), out: 'short.csv' })
    const [, ...rows] = (await text('short.csv')).trim().split('\r\n')
    expect(rows).toEqual([
      '0f3c9a1b-a.mp4,0,1,cut,act,7/70/act#1,export.json',
      '0f3c9a1b-a.mp4,2,3,stir,act,7/70/act#2,export.json',
    ])
    await write({
      'spans/moments.csv': table(rows[0]!, 'a.mp4,2,4,cut,act,7/70/act#2,export.json', 'a.mp4,5,6,stir,,,'),
    })
    const counts = await run({
      ...{ choice: choose({ folder: at('spans'), ...rate }), as: 'label-studio' as const, out: 'short-back.json' },
      ...{ into: at('short/export.json'), overwrite: true },
    })
    expect(counts).toMatchObject({ unchanged: 1, changed: 1, added: 1, untouched: 0, problems: [] })
    expect(JSON.parse(await text('short-back.json'))).toEqual([
      { ...record, act: [region(1, 25, 'cut'), region(51, 100, 'cut'), region(126, 150, 'stir')] },
    ])
  })

  it('changes frames and labels alone; ids, boxes and notes stay', async () => {
    const { counts, back } = await putBackInto(
      'a.mp4,0.2,1,cut,act,7/70/r1,export.json',
      'a.mp4,2,4,cut,act,7/70/r2,export.json',
      'a.mp4,5,6,stir,,,',
    )
    expect(counts).toMatchObject({ changed: 2, added: 1, untouched: 0, problems: [] })
    const expected = structuredClone(tasks)
    expected[0]!.annotations[0]!.result = [
      result('r1', 6, 25, 'cut'),
      box,
      result('r2', 51, 100, 'cut'),
      { ...result('lfvila4', 126, 150, 'stir') },
    ] as never
    expect(back).toMatchObject(expected)
    expect(back[0]?.annotations[0]?.result.slice(0, 3)).toEqual(expected[0]?.annotations[0]?.result.slice(0, 3))
  })

  it('refuses what the project could not hold', async () => {
    const { counts, back } = await putBackInto(
      'a.mp4,0,1,chop,act,7/70/r1,',
      'a.mp4,0,1,cut,act,7/70/r9,',
      'b.mp4,0,1,cut,act,,',
      'a.mp4,2,1,stir,act,7/70/r2,',
    )
    expect(counts.problems).toEqual([
      expect.stringMatching(/moments\.csv:2: ‘chop’ is no label/),
      expect.stringMatching(/moments\.csv:3: the export has no region 7\/70\/r9/),
      expect.stringMatching(/moments\.csv:5: it ends before it starts/),
      expect.stringMatching(/moments\.csv:4: no task of the export is about b/),
    ])
    expect(back).toEqual(tasks)
  })

  it('makes tasks of any labelled folder', async () => {
    await write({ 'a.mp4': null, 'train.csv': 'video,start,end,text\na.mp4,0,1,she cuts\na.mp4,2,3.2,she stirs' })
    await run({ choice: choose({ folder: at('train.csv'), ...rate }), as: 'label-studio', out: 'new/train.json' })
    await write({ 'new/a.mp4': null })
    expect((await read({ folder: at('new'), ...rate })).examples[0]?.content).toMatchObject({
      sentences: [
        { text: 'she cuts', start: 0, end: 1 },
        { text: 'she stirs', start: 2, end: 3.2 },
      ],
    })
  })
})
