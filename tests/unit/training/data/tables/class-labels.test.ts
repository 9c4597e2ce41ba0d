import { describe, expect, it } from 'vitest'
import { labelledFolder, said, videos } from '../labelled-folder.ts'

const { write, read } = labelledFolder()

const tableProblems = ({ problems }: Awaited<ReturnType<typeof read>>) =>
  problems.filter(({ kind }) => kind === 'table' || kind === 'labels' || kind === 'row')

describe('a table with a name and a number of each class', () => {
  it('HACS Clips: a class marked with -1 does not occur in the clip, which is counted and not learned', async () => {
    await write({
      ...videos('Archery/v_aa.mp4', 'Archery/v_bb.mp4', 'Bowling/v_cc.mp4'),
      'HACS_clips_v1.1.1.csv': [
        'classname,youtube_id,subset,start,end,label',
        'Archery,aa,training,15.5,17.5,1',
        'Archery,bb,training,77.5,79.5,-1',
        'Bowling,cc,validation,0.5,2.5,1',
        'Bowling,cc,training,4.5,6.5,1',
        'Bowling,aa,training,24.5,26.5,-1',
        ',bb,testing,1.0,3.0,',
        ',cc,testing,1.0,3.0,1',
      ].join('\n'),
    })
    const dataset = await read()
    expect(dataset.task).toBe('video-classification')
    expect(dataset.labels).toEqual(['Archery', 'Bowling'])
    expect(said(dataset)).toEqual([
      ['v_aa.mp4', 'Archery'],
      ['v_cc.mp4', 'Bowling'],
      ['v_cc.mp4', 'Bowling'],
    ])
    expect(dataset.files[0]?.columns).toMatchObject({ label: 'label, classname' })
    expect(tableProblems(dataset)).toMatchObject([
      { kind: 'row', sentence: 'The row names no class; it is left out.', count: 1 },
      {
        kind: 'labels',
        severity: 'warning',
        sentence: 'The row says with -1 in ‘label’ that its class does not occur there; it is left out.',
        count: 2,
        examples: ['HACS_clips_v1.1.1.csv:3', 'HACS_clips_v1.1.1.csv:6'],
      },
      {
        kind: 'table',
        sentence: '‘classname’ was taken for the class, and the 1 and -1 of ‘label’ for whether it occurs.',
      },
    ])
  })

  it('tables of one folder that have the same columns are read alike, though one alone would not show it', async () => {
    const columns = 'classname,youtube_id,start,end,label'
    await write({
      ...videos('a.mp4', 'b.mp4', 'c.mp4'),
      'train.csv': `${columns}\nrun,a,0,1,1\nwalk,b,0,1,-1\nwalk,c,0,1,1\n`,
      'val.csv': `${columns}\nrun,b,0,1,1\nrun,c,2,3,1\n`,
    })
    const dataset = await read()
    expect(dataset.labels).toEqual(['run', 'walk'])
    expect(said(dataset).map(([, label]) => label)).toEqual(['run', 'walk', 'run', 'run'])
  })

  it('in JSON and as numbers that once had gaps, the mark is the same', async () => {
    await write({
      ...videos('a.mp4', 'b.mp4', 'c.mp4'),
      'train.jsonl': [
        '{"video":"a","classname":"run","label":1}',
        '{"video":"b","classname":"walk","label":-1.0}',
        '{"video":"c","classname":"walk","label":"1.0"}',
      ].join('\n'),
    })
    expect(said(await read({ format: 'json-table' }))).toEqual([
      ['a.mp4', 'run'],
      ['c.mp4', 'walk'],
    ])
  })

  it('where each name has a number of its own, the likelier column counts the same classes', async () => {
    await write({
      ...videos('a.mp4', 'b.mp4', 'c.mp4'),
      'train.csv': 'video,label,label_name\na,0,run\nb,1,walk\nc,0,run\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['a.mp4', '0'],
      ['b.mp4', '1'],
      ['c.mp4', '0'],
    ])
    expect(tableProblems(dataset)).toMatchObject([
      {
        kind: 'table',
        sentence:
          '‘label’ was taken for the class, not ‘label_name’: ‘label’ has one number for each class that ‘label_name’ names.',
      },
    ])
  })

  it('where the number is neither, it is said that one column was taken and which', async () => {
    await write({
      ...videos('a.mp4', 'b.mp4', 'c.mp4'),
      'train.csv': 'video,category,label\na,sport,0\nb,sport,1\nc,news,0\n',
    })
    const dataset = await read()
    expect(dataset.labels).toEqual(['0', '1'])
    expect(tableProblems(dataset)).toMatchObject([
      { kind: 'table', sentence: expect.stringMatching(/‘label’ was taken .* remove the column that is not meant/) },
    ])
  })

  it('of two names the likelier is taken, which is said', async () => {
    await write({ ...videos('a.mp4', 'b.mp4'), 'train.csv': 'video,category,class\na,sport,run\nb,sport,walk\n' })
    const dataset = await read()
    expect(dataset.labels).toEqual(['run', 'walk'])
    expect(tableProblems(dataset)).toMatchObject([{ sentence: '‘class’ was taken for the class, not ‘category’.' }])
  })
})
