import { describe, expect, it } from 'vitest'
import { tokeniseParagraph } from '../../../main/model-folder/paragraph.ts'
import { inProcess } from '../../../main/reading-process/read-tokenizer.ts'
import { wordPieceTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'

const tokenizer = inProcess(wordPieceTokenizer(['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'dog', 'runs', 'fast']))
const [CLS, SEP, A, DOG, RUNS, FAST] = [2, 3, 4, 5, 6, 7]

describe('a paragraph in the model’s form', () => {
  it('pads sentences, and fills missing ones with zeros and no [CLS], as the reference does', async () => {
    const { ids, mask, warnings } = await tokeniseParagraph(['a dog', 'runs'], tokenizer, { count: 3, length: 5 })
    expect([...ids]).toEqual([CLS, A, DOG, SEP, 0, CLS, RUNS, SEP, 0, 0, 0, 0, 0, 0, 0])
    expect([...mask]).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    expect(warnings).toEqual([])
  })

  it('cuts long sentences before [SEP] and names them by their own numbers', async () => {
    const { ids, warnings, reading } = await tokeniseParagraph(['a dog runs fast', 'dog', 'a dog runs'], tokenizer, {
      count: 3,
      length: 4,
    })
    expect(reading).toEqual({ sentences: 3, tokens: [6, 3, 5], limit: 4 })
    expect([...ids.subarray(0, 4)]).toEqual([CLS, A, DOG, SEP])
    expect(ids).not.toContain(FAST)
    expect(warnings).toEqual([
      'Sentences 1, 3 are longer than the 4 tokens that the model reads; the rest was left out.',
    ])
  })

  it('joins surplus sentences and names the joined ones by their range', async () => {
    const { warnings, reading } = await tokeniseParagraph(['a dog runs fast', 'dog', 'runs', 'a'], tokenizer, {
      count: 2,
      length: 4,
    })
    expect(reading).toEqual({ sentences: 4, tokens: [6, 5], limit: 4 })
    expect(warnings).toEqual([
      '4 sentences were joined into 2, as many as the model reads at once.',
      'Sentences 1, 2–4 are longer than the 4 tokens that the model reads; the rest was left out.',
    ])
  })
})
