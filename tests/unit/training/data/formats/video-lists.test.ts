import { describe, expect, it } from 'vitest'
import { labelledFolder, numbered, said, videos } from '../labelled-folder.ts'

const { write, read } = labelledFolder()
const picture = new Uint8Array([0xff, 0xd8, 0xff, 0xe0])

describe('OpenMMLab’s lists', () => {
  it.each([' ', '\t', ',', ' \t '])('are of paths and class numbers, parted by %j', async delimiter => {
    const row = (path: string, label: number) => `${path}${delimiter}${label}`
    await write({
      ...videos('abseiling/a 1.mp4', 'archery/b.mp4', 'c.mp4'),
      'kinetics400_train_list_videos.txt': ['# path label', row('abseiling/a 1.mp4', 0), row('archery/b.mp4', 1)].join(
        '\n',
      ),
      'kinetics400_val_list_videos.txt': `${row('c.mp4', 1)}\r\n\r\n`,
    })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.problems]).toEqual(['openmmlab', 'video-classification', []])
    expect(said(dataset)).toEqual([
      ['a 1.mp4', '0'],
      ['b.mp4', '1'],
      ['c.mp4', '1'],
    ])
    expect(dataset.examples.map(({ split }) => split)).toEqual(['train', 'train', 'validation'])
  })

  it('have their classes named by a file beside them, a name a line', async () => {
    await write({
      ...numbered(2),
      'train_list.txt': 'path label\nv1.mp4 0\nv2.mp4 2\n',
      'label_map_k3.txt': 'abseiling\nair drumming\nplaying cards, or dice\n',
    })
    const dataset = await read()
    expect(said(dataset)).toEqual([
      ['v1.mp4', 'abseiling'],
      ['v2.mp4', 'playing cards, or dice'],
    ])
    expect(dataset.files.map(({ file }) => file).toSorted()).toEqual(['label_map_k3.txt', 'train_list.txt'])
  })

  it('keep their numbers where that file has too few names, or is not the only one, which is told', async () => {
    await write({ ...numbered(2), 'train.txt': 'v1.mp4 0\nv2.mp4 2\n', 'label_map.txt': 'a\nb\n' })
    const dataset = await read()
    expect(said(dataset).map(([, label]) => label)).toEqual(['0', '2'])
    expect(dataset.problems).toMatchObject([{ kind: 'labels', examples: ['label_map.txt'] }])
    await write({ 'label_map.txt': 'a\nb\nc\n', 'classes.txt': 'x\ny\nz\n' })
    expect((await read()).problems).toMatchObject([{ kind: 'labels', examples: ['classes.txt, label_map.txt'] }])
  })

  it('are UCF101’s, whose test names the class by its folder', async () => {
    await write({
      ...videos('Archery/v_Archery_g08_c01.avi', 'Bowling/v_Bowling_g08_c01.avi', 'Bowling/v_Bowling_g01_c01.avi'),
      'ucf/classInd.txt': '1 Archery\n2 Bowling\n',
      'ucf/trainlist01.txt': 'Archery/v_Archery_g08_c01.avi 1\nBowling/v_Bowling_g08_c01.avi 2\n',
      'ucf/testlist01.txt': 'Bowling/v_Bowling_g01_c01.avi\n',
    })
    const dataset = await read()
    expect(dataset.problems).toEqual([])
    expect(
      said(dataset)
        .map(([, label]) => label)
        .toSorted(),
    ).toEqual(['Archery', 'Bowling', 'Bowling'])
    expect(dataset.examples.map(({ split }) => split).toSorted()).toEqual(['test', 'train', 'train'])
    await write({ 'ucf/testlist02.txt': 'Archery/v_Archery_g08_c01.avi\n' })
    await expect(read()).rejects.toThrow(/several splits of the same videos \(01, 02\); keep the lists of one/)
  })

  it('of frames and class are read where nothing else can be meant', async () => {
    await write({
      ...numbered(3),
      'train.txt': 'v1.mp4 120 0\nv2.mp4 96 1\nv3.mp4 1 1\n',
      'label_map.txt': 'a\nb\n',
    })
    const dataset = await read()
    expect(said(dataset).map(([, label]) => label)).toEqual(['a', 'b', 'b'])
    expect(dataset.problems).toMatchObject([{ kind: 'table', severity: 'warning', examples: ['train.txt'] }])
  })

  it('of folders of frames say how videos are made of them', async () => {
    await write({
      'a/clip_1/img_00001.jpg': picture,
      'a/clip_2/img_00001.jpg': picture,
      'train.txt': 'a/clip_1 120 0\na/clip_2 96 1\n',
    })
    await expect(read()).rejects.toThrow(/as openmmlab; .*folder of extracted frames.*dataset frames FOLDER/)
    await write(videos('clip_1.mp4', 'clip_2.mp4'))
    const dataset = await read({ format: 'openmmlab' })
    expect(said(dataset)).toEqual([
      ['clip_1.mp4', '0'],
      ['clip_2.mp4', '1'],
    ])
  })

  it.each([
    ['train.txt', 'v1.mp4 1 2\nv2.mp4 3\n', /train\.txt: .*several class numbers behind some videos.*leave one number/],
    ['train.txt', 'v1.mp4 1 2\nv2.mp4 3 4\n', /has 2 numbers behind each video, which may be its frames/],
    ['wave_test_split1.txt', 'v1.mp4 1\nv2.mp4 2\n', /HMDB51.*a table with the columns video, label and split/],
    ['train.txt', 'v1.mp4 running\nv2.mp4 riding\n', /train\.txt has the columns ‘v1\.mp4 running’\. A table needs/],
  ])('that could be read in two ways are refused with the remedy: %s %j', async (name, text, says) => {
    await write({ ...numbered(2), [name]: text })
    await expect(read()).rejects.toThrow(says)
  })

  it('tell rows that are none', async () => {
    await write({ ...numbered(2), 'train.txt': 'v1.mp4 0\nv2.mp4 -1\nv2.mp4 1\n\n' })
    const dataset = await read()
    expect(dataset.examples).toHaveLength(2)
    expect(dataset.problems).toMatchObject([{ kind: 'row', examples: ['train.txt:2'] }])
  })

  it('are not taken for MSVD’s captions where folders are named for the times of clips', async () => {
    await write({
      ...videos('abseiling/0wR5jVB-WPk_000417_000427.mp4'),
      'train.txt': 'abseiling/0wR5jVB-WPk_000417_000427 300 4\n',
    })
    const dataset = await read()
    expect([dataset.format, said(dataset)[0]?.[1]]).toEqual(['openmmlab', '4'])
  })
})

describe('a text file that is a table without a header', () => {
  it('is read where its columns leave no doubt', async () => {
    await write({ ...numbered(2), 'train.txt': 'v1.mp4\tA man runs, then he rests.\nv2.mp4\tA dog sleeps all day.\n' })
    expect(said(await read())).toEqual([
      ['v1.mp4', 'A man runs, then he rests.'],
      ['v2.mp4', 'A dog sleeps all day.'],
    ])
  })
})

describe('LSMDC as published', () => {
  const [first, second] = [
    '0001_American_Beauty_00.00.51.926-00.00.54.129',
    '1051_Harry_Potter_and_the_chamber_of_secrets_00.12.08.240-00.12.10.900',
  ]
  const times = '00.00.51.926\t00.00.54.129\t00.00.51.325\t00.00.54.929'

  it('has a clip, four times and a sentence a line, with quotes that are letters', async () => {
    await write({
      ...videos(`0001_American_Beauty/${first}.avi`, `${second}.mp4`),
      'LSMDC16_annos_training.csv': `${first}\t${times}\t"SOMEONE turns," she says, and "goes.\r\n`,
      'LSMDC16_challenge_1000_publictect.csv': `${second}\t${times}\tHe waits.\n`,
    })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.problems]).toEqual(['lsmdc', 'retrieval', []])
    expect(said(dataset)).toEqual([
      [`${first}.avi`, '"SOMEONE turns," she says, and "goes.'],
      [`${second}.mp4`, 'He waits.'],
    ])
    expect(dataset.examples.map(({ split }) => split)).toEqual(['train', 'test'])
  })

  it('tells rows without a sentence, and those that are none', async () => {
    await write({
      ...videos(`${first}.avi`, `${second}.avi`),
      'LSMDC16_annos_test.csv': `${first}\t${times}\tHe waits.\n${second}\t${times}\n${second}\tHe goes.\n`,
    })
    expect((await read()).problems).toMatchObject([
      { sentence: expect.stringContaining('blind test'), examples: ['LSMDC16_annos_test.csv:2'] },
      { sentence: expect.stringContaining('four times'), examples: ['LSMDC16_annos_test.csv:3'] },
    ])
  })
})
