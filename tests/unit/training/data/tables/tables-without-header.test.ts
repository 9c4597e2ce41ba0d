import { describe, expect, it } from 'vitest'
import { labelledFolder, numbered, said, videos } from '../labelled-folder.ts'

const { write, read } = labelledFolder()

describe('a table without a header', () => {
  it('Kinetics: class, video, two times and split are told by what they hold, and said', async () => {
    await write({
      ...numbered(3),
      'kinetics.csv': [
        'riding a bike,v1,0,10,train',
        'abseiling,v2,15,25,train',
        'riding a bike,v3,5,15,val',
        'abseiling,gone,30,40,train',
      ].join('\n'),
    })
    const dataset = await read()
    expect(dataset.task).toBe('video-classification')
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'riding a bike'],
      ['v2.mp4', 'abseiling'],
      ['v3.mp4', 'riding a bike'],
    ])
    expect(dataset.examples.map(({ split }) => split)).toEqual(['train', 'train', 'validation'])
    expect(dataset.examples[1]?.content).toMatchObject({ video: { start: 15, end: 25 } })
    expect(dataset.files[0]).toMatchObject({ delimiter: 'comma', columns: { video: 'column 2', label: 'column 1' } })
    expect(dataset.problems).toContainEqual({
      kind: 'table',
      severity: 'warning',
      sentence:
        'The table has no header; what its columns hold tells them: column 2 is the video, column 5 is the split, column 3 is the start, column 4 is the end, column 1 is the label. If that is wrong, put a first line that names them.',
      count: 1,
      examples: ['kinetics.csv'],
    })
  })

  it('a video and a sentence with commas, parted by tabs', async () => {
    await write({
      ...numbered(2),
      'train.tsv': 'v1.mp4\tA man runs, then he rests.\nv2.mp4\tA dog, a cat and a bird.\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'A man runs, then he rests.'],
      ['v2.mp4', 'A dog, a cat and a bird.'],
    ])
    expect(dataset.files[0]?.delimiter).toBe('tab')
  })

  it('HowTo100M: the captions of the video that the file is named for', async () => {
    await write({
      ...videos('abc.mp4'),
      'abc.csv': '0.5,3,so today we are going\n3,6.25,to make a cake with flour\n',
    })
    expect(said(await read({ format: 'csv' }))).toEqual([
      ['abc.mp4', 'so today we are going | to make a cake with flour', 0.5, 3],
    ])
  })

  it('a video and the number of its class', async () => {
    await write({ ...numbered(3), 'train.csv': 'v1.mp4;0\nv2.mp4;1\nv3.mp4;0\n' })
    expect(said(await read())).toEqual([
      ['v1.mp4', '0'],
      ['v2.mp4', '1'],
      ['v3.mp4', '0'],
    ])
  })

  it('SlowFast and VideoMAE: a path and the number of its class, parted by a space', async () => {
    await write({ ...numbered(4), 'train.csv': '/data/me/v1.mp4 0\nv2.mp4 1\nv3.mp4 0\n', 'val.csv': 'v4.mp4 1\n' })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', '0'],
      ['v2.mp4', '1'],
      ['v3.mp4', '0'],
      ['v4.mp4', '1'],
    ])
    expect(dataset.files[0]?.delimiter).toBe('space')
  })

  it('says which rows have other columns than the first line', async () => {
    await write({
      ...numbered(51),
      'train.csv': [
        ...Array.from({ length: 50 }, (_, row) => `v${row + 1},this is sentence ${row}`),
        'v51,one, two',
        'v51,this is the last',
      ].join('\n'),
    })
    const dataset = await read()
    expect(dataset.examples).toHaveLength(51)
    expect(dataset.problems.filter(({ kind }) => kind === 'row')).toMatchObject([
      { sentence: expect.stringContaining('has 3 columns where the first line has 2'), examples: ['train.csv:51'] },
    ])
  })

  it.each([
    ['no row names a video that is there first', 'gone,A man runs fast.\nv2,A dog is barking.\n'],
    ['two columns could be the text', 'v1,A man runs fast.,A person is running.\nv2,A dog barks.,An animal is loud.\n'],
    ['two columns could be the video', 'v1,v2,A man runs fast.\nv2,v3,A dog is barking.\n'],
    ['words could be a text or a class', 'v1,running\nv2,jumping\nv3,sitting\n'],
    ['three numbers could be two times and a class', 'v1,0,10,3,A man runs fast.\nv2,5,15,4,A dog is barking.\n'],
    ['numbers are no times', 'v1,10,0,A man runs fast.\nv2,5,15,A dog is barking.\n'],
    ['a header has names in words of its own', 'clip,was man sieht\nv1,A man runs fast.\nv2,A dog is barking.\n'],
  ])('is refused with the remedy where %s', async (_, table) => {
    await write({ ...numbered(3), 'train.csv': table })
    await expect(read()).rejects.toThrow(
      /train\.csv has the columns .* A table needs a first line that names its columns: one for the video/,
    )
  })
})
