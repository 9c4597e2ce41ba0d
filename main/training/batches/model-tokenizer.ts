import path from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { readTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import type { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import type { RegisteredModel } from '../../models/model-file.ts'

/**
 * The tokenizer of a model's vocabulary. A model may read no text and have none: then one that says so when it is asked.
 * @param name of the model in that sentence.
 */
export function modelTokenizer({ folder, record }: RegisteredModel, name: string): Promise<Tokenizer> {
  if (record.vocabulary !== null) return readTokenizer(path.join(folder, record.vocabulary))
  return Promise.resolve({
    vocabularySize: 0, ownVocabularySize: 0,
    encode: () => { throw new ExpectedError('vocabulary-missing', `The model ‘${name}’ has no vocabulary, so it cannot read text; import it again with --vocab.`) },
  })
}
