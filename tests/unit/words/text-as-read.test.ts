import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelKind } from '../../../main/api/models.ts'
import type { RegisteredModel } from '../../../main/model-folder/model-file.ts'
import { sentencesGiven, textAsRead } from '../../../main/words/text-as-read.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { folderOfTest } from '../../support/folders.ts'
import { smallConfig } from '../../support/models/small-config.ts'

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'red', 'film', 'what', 'play', '##ing', '.', '?']

let folder: string
beforeEach(async () => {
  folder = folderOfTest('words')
  await writeFile(join(folder, 'vocab.txt'), vocabulary.join('\n'))
})

/** Two clips, eight sentences at most, 64 positions. */
function modelOf(kind: ModelKind): RegisteredModel {
  const { model, bert } = smallConfig({ type_vocab_size: 8, bert: { max_position_embeddings: 64 } })
  return {
    id: 'reads',
    folder,
    record: { kind, vocabulary: 'vocab.txt' } as RegisteredModel['record'],
    config: parseConfig(model, bert),
  }
}

const textOf = ({ words }: Awaited<ReturnType<typeof textAsRead>>) => words.map(({ text }) => text).join(' ')

describe('textAsRead', () => {
  it('reads a paragraph of as many sentences as the model has clips, the pieces of a word one by one', async () => {
    const read = await textAsRead(modelOf('pretrain-stage2'), ['red.', 'film playing', 'red film red film'])
    expect(read.sentences).toEqual(['red. film playing', 'red film red film'])
    expect(textOf(read)).toBe(' [CLS] red . film play ##ing [SEP] [CLS] red film red film [SEP]')
    expect(read.words.map(({ sentence }) => sentence)).toEqual([null, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    expect(read.words.filter(({ special }) => special).map(({ text }) => text)).toEqual([
      '',
      '[CLS]',
      '[SEP]',
      '[CLS]',
      '[SEP]',
    ])
    // Places among all, padding included: the second sentence begins a whole sentence further.
    const { length } = read.layout
    expect(read.places).toEqual([0, 1, 2, 3, 4, 5, 6, 7, ...[0, 1, 2, 3, 4, 5].map(token => 1 + length + token)])
    expect(read.warnings).toEqual(['3 sentences were joined into 2, as many as the model reads at once.'])
  })

  it('reads all of a text as one question where that is what a model reads', async () => {
    const read = await textAsRead(modelOf('qa-classification'), ['what?', 'red'])
    expect(read.sentences).toEqual(['what? red'])
    expect(textOf(read)).toBe(' [CLS] what ? red [SEP]')
  })

  it('reads a question, an answer and what is left as subtitles, and says which sentence is too long', async () => {
    const long = Array.from({ length: 9 }, () => 'red').join(' ')
    const read = await textAsRead(modelOf('qa-multichoice'), ['what?', 'red', long])
    expect(read.layout).toEqual({ sentences: 8, length: 8 })
    expect(read.sentences).toEqual(['what?', 'red', long])
    expect(textOf(read)).toBe(` [CLS] what ? [SEP] [CLS] red [SEP] [CLS] ${'red '.repeat(6)}[SEP]`)
    expect(read.warnings).toEqual([
      'Sentence 3 is longer than the 8 tokens that the model reads; the rest was left out.',
    ])
  })

  it('refuses a model that reads text and video apart', async () => {
    await expect(textAsRead(modelOf('pretrain-stage1'), ['red'])).rejects.toThrow(
      'The model ‘reads’ reads text and video apart',
    )
  })
})

describe('sentencesGiven', () => {
  const detail = {
    id: 1,
    name: 'a.mp4',
    captionProblem: null,
    captionsEdited: false,
    captions: [
      { text: 'first', start: 0, end: 4 },
      { text: 'second', start: 4, end: 9 },
      { text: 'of all', start: null, end: null },
    ],
  }

  it('takes the captions that tell of a segment, and those that do not say of what they tell', () => {
    expect(sentencesGiven(detail, null, undefined)).toEqual(['first', 'second', 'of all'])
    expect(sentencesGiven(detail, null, { start: 5, end: 8 })).toEqual(['second', 'of all'])
    expect(sentencesGiven(detail, 'One. Two.', { start: 5, end: 8 })).toEqual(['One.', 'Two.'])
  })

  it('says where no caption tells of a segment', () => {
    const timed = { ...detail, captions: detail.captions.slice(0, 2) }
    expect(() => sentencesGiven(timed, null, { start: 10, end: 12 })).toThrow(
      'No caption of a.mp4 tells of this segment',
    )
  })
})
