import { describe, expect, it } from 'vitest'
import { labelledFolder, numbered, said } from '../labelled-folder.ts'

const { write, read } = labelledFolder()
const table = async (...lines: string[]) => {
  await write({ ...numbered(3), 'train.csv': lines.join('\n') })
  return read()
}

describe('remarks in a table', () => {
  it('before its header are passed over, and below it are told', async () => {
    const dataset = await table('# by me, 2024', '#', 'video,text', 'v1.mp4,A man runs.', '# a remark', 'v2.mp4,A dog.')
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'A man runs.'],
      ['v2.mp4', 'A dog.'],
    ])
    expect(dataset.problems).toMatchObject([
      { sentence: 'The row begins with #, as a remark does; it is left out.', examples: ['train.csv:5'] },
    ])
  })

  it('are none where they name the columns', async () => {
    expect(said(await table('#video,text', 'v1.mp4,A man runs.'))).toEqual([['v1.mp4', 'A man runs.']])
  })
})

describe('columns of times', () => {
  it('have their unit behind their name', async () => {
    expect(said(await table('video,Start Time (s),End Time [sec],text', 'v1.mp4,1.5,2.5,one'))).toEqual([
      ['v1.mp4', 'one', 1.5, 2.5],
    ])
    expect(said(await table('video,start_ms,end_ms,text', 'v1.mp4,1500,2500,one'))).toEqual([
      ['v1.mp4', 'one', 1.5, 2.5],
    ])
    expect(
      said(
        await table(
          'video,Begin Time - hh:mm:ss.ms,End Time - hh:mm:ss.ms,text',
          'v1.mp4,00:00:01.500,00:00:02.500,one',
        ),
      ),
    ).toEqual([['v1.mp4', 'one', 1.5, 2.5]])
    await write({
      ...numbered(1),
      'train.csv': '',
      'train.jsonl': '{"video":"v1","start_ms":1500,"end_ms":2500,"text":"one"}',
    })
    expect(said(await read())).toEqual([['v1.mp4', 'one', 1.5, 2.5]])
  })

  it('that are not read are told', async () => {
    const dataset = await table('video,start_frame,end_frame,text', 'v1.mp4,15,25,one')
    expect(dataset.problems).toMatchObject([
      { sentence: expect.stringMatching(/^The columns ‘start_frame’, ‘end_frame’ sound like times and are not read/) },
    ])
    const both = await table('video,start_frame,end_frame,start,end,text', 'v1.mp4,15,25,1,2,one')
    expect(both.problems).toEqual([])
  })
})

it('a time at one end alone is told, and one that is no number', async () => {
  const half = await table('video,start,duration,text', 'v1.mp4,15,25,one')
  expect(half.problems).toMatchObject([{ sentence: expect.stringMatching(/^The column ‘start’ has none beside it/) }])
  const endless = await table('video,start,end,text', 'v1.mp4,1e400,5,one', 'v2.mp4,1,2,two')
  expect(endless.problems).toMatchObject([{ sentence: expect.stringContaining('‘1e400’'), examples: ['train.csv:2'] }])
})

it('labels that seem to be lists, and videos of several classes, are told', async () => {
  const lists = await table('video,label', 'v1.mp4,run;dive', 'v2.mp4,run')
  expect(lists.problems).toMatchObject([{ kind: 'labels', examples: ['‘run;dive’'] }])
  const several = await table('video,label', 'v1.mp4,run', 'v1.mp4,dive', 'v2.mp4,run')
  expect(several.problems).toMatchObject([{ kind: 'labels', examples: ['train.csv:2: run, dive'] }])
})

it('entries of a JSON object that are there twice are told', async () => {
  const entry = (sentence: string) => `{"duration":9,"timestamps":[[0,1]],"sentences":["${sentence}"],"x":{"v1":1}}`
  await write({
    ...numbered(2),
    'train.json': `{"v1":${entry('one')}, "v2":${entry('two')},\n"v1": ${entry('three')}}`,
  })
  const told = [{ kind: 'duplicate', severity: 'error', examples: ['train.json: v1'] }]
  expect((await read()).problems).toMatchObject(told)
  const part = (sentence: string) => `{"duration":9,"annotations":[{"segment":[0,1],"sentence":"${sentence}"}]}`
  await write({ 'train.json': `{"database":{"v1":${part('one')},"v2":${part('two')},"v1":${part('three')}}}` })
  expect((await read()).problems).toMatchObject(told)
  await write({ 'train.json': '{"clip_id":"v1","text":"one"}\n{"clip_id":"v2","text":"two"}\n' })
  expect((await read()).problems).toEqual([])
})

describe('odd headers', () => {
  it('lack the name of the first column where R counted the rows', async () => {
    const dataset = await table('"video","text"', '"1","v1.mp4","A man runs."', '"2","v2.mp4","A dog."')
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'A man runs.'],
      ['v2.mp4', 'A dog.'],
    ])
  })

  it('with a name twice are told', async () => {
    expect((await table('video,text,Text', 'v1.mp4,one,two')).problems).toMatchObject([
      { sentence: 'Several columns are called ‘text’; the first of them is read.' },
    ])
  })
})

it.each([
  [
    '{"v1":"one","v2":"two"}',
    /train\.json has the fields ‘v1’, ‘v2’\. Objects, in one list or one a line, need fields/,
  ],
  ['[\n {"film":"v1","said":"one"}\n]', /train\.json has the fields ‘film’, ‘said’/],
  ['{\n "a": [\n  1\n ]\n}', /train\.json has the fields ‘a’/],
])('JSON of no known form is refused with its fields and those that are wanted: %s', async (text, says) => {
  await write({ ...numbered(2), 'train.json': text })
  await expect(read()).rejects.toThrow(says)
})

it('labels that differ in capitals or spaces alone are told', async () => {
  const dataset = await table('video,label', 'v1.mp4,Long jump', 'v2.mp4,long_jump', 'v3.mp4,dive')
  expect(dataset.labels).toHaveLength(3)
  expect(dataset.problems).toMatchObject([{ kind: 'labels', examples: ['‘Long jump’, ‘long_jump’'] }])
})
