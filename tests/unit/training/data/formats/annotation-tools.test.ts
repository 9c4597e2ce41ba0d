import { describe, expect, it } from 'vitest'
import type { DatasetChoice } from '../../../../../main/api/training/datasets.ts'
import { labelledFolder } from '../labelled-folder.ts'
import { elanSession } from './elan-session.ts'

const { write, read } = labelledFolder()
const sentences = async (choice: Partial<DatasetChoice> = {}) =>
  (await read(choice)).examples.flatMap(({ content }) =>
    content.type === 'paragraph' ? content.sentences.map(({ text, start, end }) => [text, start, end]) : [],
  )
const problems = async (choice: Partial<DatasetChoice> = {}) =>
  (await read(choice)).problems.map(({ sentence, examples }) => `${sentence} ${examples.join(' ')}`)

describe('ELAN', () => {
  it.each([
    ['as ELAN writes it', elanSession],
    ['CRLF and a byte order mark', `\uFEFF${elanSession.replaceAll('\n', '\r\n')}`],
    ['UTF-16', Buffer.from(`\uFEFF${elanSession.replace('UTF-8', 'UTF-16')}`, 'utf16le')],
  ])('has the annotations of its tiers as sentences, in the order of time: %s', async (_, text) => {
    await write({ 'kitchen.mp4': null, 'sessions/one.eaf': text })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.tasks]).toEqual(['elan', 'retrieval', ['retrieval', 'moments']])
    expect(await sentences()).toEqual([
      ['she cuts & stirs', 0.5, 2.5],
      ['point', 3, 4.25],
      ['she waits', 5, 6],
    ])
    expect(dataset.tiers).toEqual([
      { name: 'ada', count: 2, taken: true },
      { name: 'hands', count: 1, taken: true },
      { name: 'ada-french', count: 1, taken: false },
      { name: 'ada-words', count: 2, taken: false },
      { name: 'ada-morphemes', count: 2, taken: false },
      { name: 'empty', count: 0, taken: true },
    ])
    expect(await problems()).toEqual([expect.stringMatching(/several tiers.*--tier.*one\.eaf: ada, hands/)])
  })

  it.each([
    [
      'ada',
      [
        ['she cuts & stirs', 0.5, 2.5],
        ['she waits', 5, 6],
      ],
    ],
    ['ada-french', [['elle coupe et remue', 0.5, 2.5]]],
    [
      'ada-words',
      [
        ['she cuts', 0.5, 1.5],
        ['and stirs', 1.5, 2.5],
      ],
    ],
    [
      'ada-morphemes',
      [
        ['cut', 0.5, 1],
        ['-s', 1, 1.5],
      ],
    ],
  ])('has the times of ELAN for the tier %s, which alone is taken when it is chosen', async (tier, expected) => {
    await write({ 'kitchen.mp4': null, 'one.eaf': elanSession })
    expect(await sentences({ tiers: [tier] })).toEqual(expected)
    expect(await problems({ tiers: [tier] })).toEqual([])
  })

  it('counts from where the session begins in the video', async () => {
    const later = elanSession.replace('MIME_TYPE="video/mp4"', 'MIME_TYPE="video/mp4" TIME_ORIGIN="2000"')
    await write({ 'kitchen.mp4': null, 'one.eaf': later })
    expect((await sentences())[0]).toEqual(['she cuts & stirs', 2.5, 4.5])
  })

  it('finds its video by the relative address, by the name, or beside it', async () => {
    await write({
      'a/film.mkv': null,
      'b/über uns.mp4': null,
      'c/three.webm': null,
      'a/one.eaf': elanSession.replaceAll('kitchen.mp4', 'film.mp4'),
      'b/two.eaf': elanSession.replaceAll('kitchen.mp4', '%C3%BCber%20uns.mp4'),
      'c/three.eaf': elanSession.replace(/<MEDIA_DESCRIPTOR[^>]*>/g, ''),
    })
    const dataset = await read()
    expect(dataset.examples.map(({ source }) => source).sort()).toEqual(['a/one.eaf', 'b/two.eaf', 'c/three.eaf'])
    expect(dataset.names).toMatchObject([
      { differences: [], count: 2 },
      { differences: ['extension'], count: 1 },
    ])
  })

  it('says what cannot be read, and never expands an entity', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
    await write({
      'kitchen.mp4': null,
      'one.eaf': elanSession,
      'bomb.eaf': elanSession.replace('?>\n', `?>\n${bomb}`).replace('she waits', '&b;'),
      'cut.eaf': elanSession.slice(0, 3000),
      'other.eaf': '<svg/>',
      'time.eaf': elanSession.replace('TIME_VALUE="2500"', 'TIME_VALUE="NaN"'),
    })
    expect((await problems({ tiers: ['ada'] })).sort()).toEqual([
      expect.stringMatching(
        /^The row cannot be read: bomb\.eaf is no ELAN file.*in line 28 .*undefined entity; it is.*bomb\.eaf$/,
      ),
      expect.stringMatching(/^The row cannot be read: cut\.eaf is no ELAN file.*in line/),
      expect.stringMatching(/^The row cannot be read: other\.eaf .*begins with <svg>/),
      expect.stringMatching(/^The row cannot be read: time\.eaf .*slot ts3 is ‘NaN’/),
    ])
    await expect(read({ tiers: ['eve'] })).rejects.toMatchObject({ code: 'dataset-empty' })
  })

  it('names the tiers that there are where none is that was chosen', async () => {
    await write({ 'kitchen.mp4': null, 'one.eaf': elanSession })
    await expect(read({ tiers: ['eve'] })).rejects.toThrow(/none of the tiers.*‘ada’, ‘hands’/)
  })

  it('passes over annotations without a text, and keeps one without a time', async () => {
    const odd = elanSession.replace('she waits', ' ').replace('TIME_SLOT_REF2="ts5"', 'TIME_SLOT_REF2="ts99"')
    await write({ 'kitchen.mp4': null, 'one.eaf': odd })
    expect(await sentences()).toEqual([
      ['she cuts & stirs', 0.5, 2.5],
      ['point', null, null],
    ])
    expect(await problems()).toEqual([
      expect.stringMatching(/several tiers/),
      expect.stringMatching(/no text; it is passed over\. one\.eaf: ada, a2/),
      expect.stringMatching(/kept without a time\. one\.eaf: hands, a3/),
    ])
  })
})

describe('Label Studio', () => {
  const region = (id: string, start: number | null, end: number | null, label = 'cuts') => ({
    id,
    type: 'timelinelabels',
    from_name: 'timeline',
    to_name: 'video',
    origin: 'manual',
    value: { ranges: [{ start, end }], timelinelabels: [label] },
  })
  const task = (id: number, video: string, result: readonly object[], more: object = {}) => ({
    id,
    data: { video },
    meta: { camera: 2 },
    annotations: [{ id: 10 * id, completed_by: 1, was_cancelled: false, ground_truth: false, result, ...more }],
    predictions: [],
  })

  it('counts frames from 1, the last one included, at the rate of the project', async () => {
    const results = [region('r1', 1, 25), region('r2', 51, 100, 'stirs')]
    await write({ 'a.mp4': null, 'export.json': JSON.stringify([task(1, '/data/upload/3/0f3c9a1b-a.mp4', results)]) })
    const dataset = await read({ frameRate: 25 })
    expect([dataset.format, dataset.task]).toEqual(['label-studio', 'retrieval'])
    expect(await sentences({ frameRate: 25 })).toEqual([
      ['cuts', 0, 1],
      ['stirs', 2, 4],
    ])
    expect(dataset.names).toMatchObject([{ differences: ['upload'], examples: ['0f3c9a1b-a.mp4 → a.mp4'] }])
    expect(dataset.problems).toEqual([])
    await expect(read()).rejects.toMatchObject({ code: 'frame-rate', message: expect.stringMatching(/--frame-rate/) })
  })

  it('takes the rate that a box of the annotation states, and says so', async () => {
    const box = { id: 'b', type: 'videorectangle', value: { framesCount: 100, duration: 4, sequence: [] } }
    await write({ 'a.mp4': null, 'export.json': JSON.stringify([task(1, 'a.mp4', [box, region('r1', 26, 50)])]) })
    expect(await sentences()).toEqual([['cuts', 1, 2]])
    expect(await problems()).toEqual([expect.stringMatching(/a box of the same annotation states.*25 frames a second/)])
    expect(await sentences({ frameRate: 50 })).toEqual([['cuts', 0.5, 1]])
  })

  it('takes the text that was given for a region, and seconds as they are', async () => {
    const said = { id: 'r1', type: 'textarea', from_name: 'what', value: { ranges: [], text: ['she cuts', 'bread'] } }
    const sound = { id: 's', type: 'labels', from_name: 'speech', value: { start: 0.25, end: 1.5, labels: ['talk'] } }
    await write({
      'a b.mp4': null,
      'export.json': JSON.stringify([
        task(1, '/data/local-files/?d=in/a%20b.mp4', [region('r1', 51, 75), said, sound]),
      ]),
    })
    expect(await sentences({ frameRate: 25 })).toEqual([
      ['talk', 0.25, 1.5],
      ['she cuts bread', 2, 3],
    ])
  })

  /** As `convert_to_json_min` of HumanSignal/label-studio-sdk writes an annotation. */
  const record = (id: number, video: string, labelled: object) => ({
    ...{ video, id, ...labelled, annotator: 1, annotation_id: 10 * id },
    ...{ created_at: '2026-01-02T03:04:05.000000Z', updated_at: '2026-01-02T03:04:05.000000Z', lead_time: 12.5 },
  })
  const regions = (...parts: readonly (readonly [number, number, string])[]) =>
    parts.map(([start, end, label]) => ({ ranges: [{ start, end }], timelinelabels: [label] }))

  it('reads the short export as the one that it was made of, and says whose region its texts do not say', async () => {
    await write({
      'a.mp4': null,
      'b.mp4': null,
      'export.json': JSON.stringify([
        record(1, '/data/upload/3/0f3c9a1b-a.mp4', { moment: regions([1, 25, 'cuts'], [51, 100, 'stirs']) }),
        record(2, 'b.mp4', {
          moment: regions([26, 50, 'cuts']),
          text: ['she cuts', 'bread'],
          speech: [{ start: 0.25, end: 1.5, channel: 0, labels: ['talk'] }],
        }),
        { ...record(3, 'b.mp4', {}), annotation_id: null },
      ]),
    })
    const dataset = await read({ frameRate: 25, split: { by: 'seeded', seed: 1, validation: 0, test: 0 } })
    expect(dataset.format).toBe('label-studio')
    expect(
      dataset.examples.map(
        ({ content }) => 'sentences' in content && content.sentences.map(({ text, start, end }) => [text, start, end]),
      ),
    ).toEqual([
      [
        ['cuts', 0, 1],
        ['stirs', 2, 4],
      ],
      [
        ['talk', 0.25, 1.5],
        ['cuts', 1, 2],
      ],
    ])
    expect((await problems({ frameRate: 25 })).join('\n')).toMatch(
      /(?=[^]*texts of ‘text’ belong)(?=[^]*no annotation that was submitted)/,
    )
    await expect(read()).rejects.toMatchObject({ code: 'frame-rate' })
  })

  it('has several people apart, and leaves out what nobody submitted', async () => {
    const [first, second] = [[region('r1', 1, 25)], [region('r2', 1, 50, 'chops')]]
    const shared = task(1, 'a.mp4', first)
    const skipped = { id: 12, result: second, was_cancelled: true }
    await write({
      'a.mp4': null,
      'b.mp4': null,
      'export.json': JSON.stringify([
        { ...shared, annotations: [...shared.annotations, { id: 11, result: second }] },
        {
          ...task(2, 'b.mp4', first),
          annotations: [skipped, { id: 21, result: second, ground_truth: true }, { id: 22, result: first }],
        },
        { ...task(3, 'b.mp4', first), annotations: [skipped] },
        { id: 4, data: { video: 'a.mp4', other: 'b.mp4' } },
        { ...task(5, 'x', first), data: { left: 'a.mp4', right: 'b.mp4' } },
        task(6, 'a.mp4', [
          region('r5', 25, null),
          { ...region('r6', 1, 2), value: { ranges: [{ start: 1, end: 2 }] } },
        ]),
      ]),
    })
    const dataset = await read({ frameRate: 25, split: { by: 'seeded', seed: 1, validation: 0, test: 0 } })
    expect(
      dataset.examples.map(({ content }) => 'sentences' in content && content.sentences.map(({ text }) => text)),
    ).toEqual([['cuts'], ['chops'], ['chops'], ['cuts']])
    expect((await problems({ frameRate: 25 })).join('\n')).toMatch(
      /(?=[^]*annotations of several people)(?=[^]*no annotation that was submitted)(?=[^]*field ‘annotations’)(?=[^]*names one video)(?=[^]*ground truth)(?=[^]*open at one end)(?=[^]*no label; it is passed over)/,
    )
  })
})

describe('a table of moments', () => {
  it('knows where each row stands in the file of a tool', async () => {
    await write({
      'a.mp4': null,
      'moments.csv': 'video,start,end,text,tier,annotation_id,source\na,0.5,2.5,"she cuts, slowly",ada,a1,one.eaf\n',
    })
    expect((await read()).examples[0]?.content).toMatchObject({
      sentences: [
        {
          text: 'she cuts, slowly',
          start: 0.5,
          end: 2.5,
          mark: { source: 'one.eaf', tier: 'ada', id: 'a1', line: 'moments.csv:2' },
        },
      ],
    })
  })
})
