import { expect, it } from 'vitest'
import { labelledFolder } from './labelled-folder.ts'

const { write, read } = labelledFolder()

it('says what of captions was lost, and which encoding was taken', async () => {
  const cue = '1\n00:00:01,000 --> 00:00:02,000\n'
  await write({
    ...Object.fromEntries(['good', 'lost', 'gbk', 'instead', 'broken'].map(name => [`${name}.mp4`, null])),
    'good.srt': `${cue}one\n`,
    'lost.srt': `${cue}two\n\n2\n00:00:x3 --> 00:00:04,000\nlost\n`,
    'gbk.srt': Buffer.concat([Buffer.from(cue), Buffer.from('c4e3bac3cac0bde7', 'hex')]),
    'instead.json': '{',
    'instead.txt': 'three',
    'broken.json': '{',
  })
  const { problems } = await read()
  expect(problems.map(({ kind, severity, count }) => [kind, severity, count])).toEqual([
    ['row', 'error', 1],
    ['captions', 'warning', 3],
  ])
  expect(problems[0]?.sentence).toMatch(/broken\.json is not valid JSON .*: correct or delete it; it is left out\.$/)
  expect(problems[1]?.examples.map(example => example.replace(/:.*? (is|has)/, ': $1')).toSorted()).toEqual([
    expect.stringMatching(/^gbk\.mp4: is not UTF-8 and was read as GB18030/),
    expect.stringMatching(/^instead\.mp4: is not valid JSON/),
    expect.stringMatching(/^lost\.mp4: has 1 subtitle that cannot be read, in line 6/),
  ])
})
