import { describe, expect, it } from 'vitest'
import type { DatasetChoice } from '../../../../../main/api/training/datasets.ts'
import { inspectDataset } from '../../../../../main/training/data/datasets/inspect.ts'
import type { Example } from '../../../../../main/training/data/examples/example.ts'
import { labelledFolder } from '../labelled-folder.ts'

const { write, read, choose } = labelledFolder()
const videos = (...names: string[]) => Object.fromEntries(names.map(name => [name, null]))
const header = 'video,frame_count,width,height,question,answer,qid,type,a0,a1,a2,a3,a4'
const row = (answer: string, ...choices: string[]) => `11,90,64,48,what is it,${answer},0,DO,${choices.join(',')}`
const chosen = ({ content }: Example) =>
  content.type === 'choices' ? [content.label, content.answers[content.label], content.answers.length] : []
/** What is wrong, with the first row that it hits, in the order of the rows. */
const problems = async () =>
  (await read()).problems.map(({ sentence, examples }) => `${sentence} ${examples.join(' ')}`)
const chosenOf = async () => (await read()).examples.map(chosen)

describe('NExT-QA', () => {
  const rows = [row('0', 'red', 'green', 'blue', 'grey', 'pink'), row('4', 'red', 'green', 'blue', 'grey', 'pink')]
  it.each([
    ['commas', [header, ...rows].join('\n')],
    ['CRLF and a byte order mark', `\uFEFF${[header, ...rows].join('\r\n')}\r\n`],
    ['tabs', [header, ...rows].join('\n').replaceAll(',', '\t')],
    ['semicolons', [header, ...rows].join('\n').replaceAll(',', ';')],
    ['quotes', [header, ...rows].join('\n').replaceAll(/red|pink/g, '"$&"')],
    ['UTF-16', Buffer.from(`\uFEFF${[header, ...rows].join('\n')}`, 'utf16le')],
    ['numbers of a spreadsheet', [header, ...rows.map(text => text.replace(/,(\d),0,DO/, ',$1.0,0,DO'))].join('\n')],
  ])('has answers that count from 0: %s', async (_, text) => {
    await write({ ...videos('11.mp4'), 'train.csv': text })
    const dataset = await read()
    expect([dataset.format, dataset.task, dataset.tasks]).toEqual(['csv', 'qa-multichoice', ['qa-multichoice']])
    expect(dataset.examples.map(chosen)).toEqual([
      [0, 'red', 5],
      [4, 'pink', 5],
    ])
    expect(dataset.problems).toEqual([])
  })

  it('keeps the numbers of choices where one of them is empty, which is told', async () => {
    const given = [
      header,
      row('0', 'red', 'green', 'blue', 'grey', 'pink'),
      row('3', 'red', '', 'blue', 'grey', 'pink'),
    ]
    await write({ ...videos('11.mp4'), 'train.csv': given.join('\n') })
    const dataset = await read()
    expect(dataset.examples.map(chosen)).toEqual([
      [0, 'red', 5],
      [2, 'grey', 4],
    ])
    expect(dataset.problems).toMatchObject([
      {
        kind: 'table',
        severity: 'warning',
        sentence: expect.stringMatching(/empty choice/),
        examples: ['train.csv:3'],
      },
    ])
  })

  it('tells of answers that are none of the choices, are empty, or are not there', async () => {
    const five = ['red', 'green', 'blue', 'grey', 'pink']
    const lines = [row('0', ...five), row('5', ...five), row('-1', ...five), row('NaN', ...five), row('', ...five)]
    const [, ...others] = five
    await write({ ...videos('11.mp4'), 'train.csv': [header, ...lines, row('0', '', ...others)].join('\n') })
    expect((await read()).examples).toHaveLength(1)
    expect(await problems()).toEqual([
      'The row has an answer that is none of its 5 choices; it is left out. train.csv:3: ‘5’ train.csv:4: ‘-1’ train.csv:5: ‘NaN’',
      'The row does not say which of its choices is right; it is left out. train.csv:6',
      'The row has an empty choice for its answer, ‘a0’; it is left out. train.csv:7: ‘0’',
    ])
  })

  it('finds a video by the map of ids where two files have its name', async () => {
    await write({
      ...videos('NExTVideo/0101/11.mp4', 'NExTVideo/0200/11.mp4'),
      'val.csv': [header, row('1', 'a man', 'a dog', 'a cat', 'a car', 'a cup')].join('\n'),
    })
    await expect(read()).rejects.toThrow(/Several videos have this name/)
    await write({ 'map_vid_vidorID.json': '{"11": "0200/11"}' })
    const [example] = (await read()).examples
    expect(example?.content).toMatchObject({ label: 1, video: { path: expect.stringMatching(/0200.11\.mp4$/) } })
  })
})

describe('a table with choices', () => {
  const table = (columns: string, ...rows: string[]) =>
    [`video,question,${columns}`, ...rows.map(text => `11,what,${text}`)].join('\n')
  it.each([
    ['option_0 and a number', table('option_0,option_1,answer', 'red,green,0', 'red,green,1'), [0, 1]],
    ['option 1 and numbers from 1', table('option 1,option 2,answer', 'red,green,1', 'red,green,2'), [0, 1]],
    ['option 1 and numbers from 0', table('option 1,option 2,answer', 'red,green,0', 'red,green,1'), [0, 1]],
    ['A and B and letters', table('A,B,answer', 'red,green,A', 'red,green,b', 'red,grey,(B)'), [0, 1, 1]],
    ['texts', table('choice1,choice2,correct_answer', 'red,green,Green', 'red,green,red'), [1, 0]],
    ['names of columns', table('option1,option2,answer', 'red,green,option2', 'red,green,option 1'), [1, 0]],
    ['a text and a number', table('a0,a1,answer', 'red,green,green', 'red,green,0'), [1, 0]],
    ['texts that are numbers among others', table('a0,a1,answer', 'red,green,green', '1,0,1', '1,0,0'), [1, 0, 1]],
    ['a label for the right one', table('a0,a1,label', 'red,green,1'), [1]],
    ['a list', table('options,answer', `"['red', 'green']",1`, `"[""red"", ""it's""]",0`), [1, 0]],
  ])('is understood: %s', async (_, text, labels) => {
    await write({ ...videos('11.mp4'), 'train.csv': text })
    expect((await chosenOf()).map(([label]) => label)).toEqual(labels)
    expect((await read()).task).toBe('qa-multichoice')
  })

  it.each([
    ['numbers that could count from 0 or from 1', table('option1,option2,option3,answer', 'red,green,blue,1')],
    ['columns from 0 and numbers from 1', table('a0,a1,a2,answer', 'red,green,blue,1', 'red,green,blue,3')],
    ['choices that are other numbers', table('a0,a1,answer', '1,0,1', '1,0,0')],
    ['an answer that two choices say', table('a0,a1,answer', 'red,red,red')],
    ['columns that do not count', table('a0,a1,a3,answer', 'red,green,blue,1')],
    ['columns without a number', table('choice_one,choice_two,answer', 'red,green,red')],
    ['two kinds of columns', table('a0,a1,option0,option1,answer', 'red,green,blue,grey,1')],
    ['a list that is none', table('options,answer', 'red or green,red')],
    ['a letter that is another choice’s text', table('A,B,answer', 'b,a,A')],
  ])('is refused and taken for no class: %s', async (_, text) => {
    await write({ ...videos('11.mp4'), 'train.csv': text })
    await expect(read()).rejects.toThrow(/has no row that can be used.*train\.csv:2.*: The row has/)
  })

  it('is one of open questions where it has no choices', async () => {
    await write({ ...videos('11.mp4'), 'train.csv': table('answer', 'red', 'green') })
    expect((await read()).task).toBe('qa-classification')
  })

  it('may be one JSON list, whose broken rows are told by their lines', async () => {
    const good = JSON.stringify({ video: '11', question: 'what', candidates: ['red', 'green'], answer: 'green' })
    await write({
      ...videos('11.mp4'),
      'train.json': `[\n${good},\n{"video": "11", question},\n${good.replace('what', 'which')}\n]`,
    })
    const dataset = await read()
    expect(dataset.examples.map(({ source, content }) => [source, chosen({ content } as Example)])).toEqual([
      ['train.json:2', [1, 'green', 2]],
      ['train.json:4', [1, 'green', 2]],
    ])
    expect(dataset.problems).toMatchObject([{ kind: 'row', examples: ['train.json:3'] }])
  })
})

describe('EgoSchema', () => {
  const asked = (id: string, ...options: string[]) => ({
    q_uid: id,
    google_drive_id: 'x',
    question: 'what does c do',
    ...Object.fromEntries(options.map((text, number) => [`option ${number}`, text])),
  })
  const rows = [asked('u1', 'stirs', 'cuts', 'waits'), asked('u2', 'stirs', 'cuts', 'waits')]

  it.each([
    ['as published', JSON.stringify(rows)],
    ['a row a line, with a byte order mark', `\uFEFF[\r\n${rows.map(text => JSON.stringify(text)).join(',\r\n')}\r\n]`],
  ])('takes the answers from their own file and counts questions without: %s', async (_, text) => {
    await write({ ...videos('u1.mp4', 'u2.mp4'), 'questions.json': text, 'subset_answers.json': '{"u2": 1}' })
    const dataset = await read()
    expect([dataset.format, dataset.task]).toEqual(['egoschema', 'qa-multichoice'])
    expect(dataset.examples.map(chosen)).toEqual([[1, 'cuts', 3]])
    expect(dataset.problems).toMatchObject([
      { severity: 'error', sentence: 'The row has no public answer; it is left out.', count: 1 },
      { severity: 'warning', kind: 'split', sentence: expect.stringMatching(/no training set.*all of them are eval/) },
    ])
  })

  it('tells of answers and questions that are none', async () => {
    await write({
      ...videos('u1.mp4', 'u2.mp4', 'u3.mp4', 'u4.mp4'),
      'questions.json': JSON.stringify(
        [rows[0], rows[1], { ...asked('u3', 'stirs', 'cuts'), question: undefined }, asked('u4', 'stirs', ' ')],
        null,
        1,
      ),
      'subset_answers.json': '{"u1": 0, "u2": 3, "u3": 0, "u4": 0}',
    })
    expect(await chosenOf()).toEqual([[0, 'stirs', 3]])
    expect(await problems()).toEqual([
      expect.stringMatching(
        /an answer of subset_answers\.json that is none of its options 0 to 2.*questions\.json:10: u2: 3/,
      ),
      expect.stringMatching(/wrong or missing field ‘question’.*questions\.json:18/),
      expect.stringMatching(/wrong or missing field ‘option 0’.*questions\.json:24/),
      expect.stringMatching(/EgoSchema has no training set.*questions\.json/),
    ])
  })

  it('is a test set: all of it is evaluated unless splits are named or drawn', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `u${number}`)
    const files = {
      ...videos(...ids.map(id => `${id}.mp4`)),
      'questions.json': JSON.stringify(ids.map(id => asked(id, 'stirs', 'cuts'))),
      'subset_answers.json': JSON.stringify(Object.fromEntries(ids.map(id => [id, 0]))),
    }
    const countsOf = async (choice: Partial<DatasetChoice> = {}) => {
      const counts = { train: 0, validation: 0, test: 0 }
      for (const { split } of (await read(choice)).examples) counts[split] += 1
      return counts
    }
    await write(files)
    expect(await countsOf()).toEqual({ train: 0, validation: 0, test: 20 })
    const report = await inspectDataset(choose(), { signal: new AbortController().signal, frames: 32, probe: null })
    expect(report).toMatchObject({
      split: { by: 'given' },
      unusable: 'Every row is for the test: it can be evaluated; to train on some, draw the splits with a seed.',
    })
    expect(await countsOf({ split: { by: 'seeded', seed: 1, validation: 0.1, test: 0.1 } })).toEqual({
      train: 16,
      validation: 2,
      test: 2,
    })
    await write({ 'train/questions.json': JSON.stringify([asked('u0', 'stirs', 'cuts')]), 'questions.json': '[]' })
    expect(await countsOf()).toEqual({ train: 1, validation: 0, test: 0 })
  })
})
