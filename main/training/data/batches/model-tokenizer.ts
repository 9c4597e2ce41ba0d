import { join } from 'node:path'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { RegisteredModel } from '../../../model-folder/model-file.ts'
import { openModelTokenizer } from '../../../reading-process/read-tokenizer.ts'
import type { ModelTokenizer } from '../../../reading-process/read-tokenizer.ts'

/**
 * The tokenizer of a model's vocabulary. A model may read no text and have none: then one that says so when it is
 * asked.
 * @param name of the model in that sentence.
 */
export function modelTokenizer({ folder, record }: RegisteredModel, name: string): Promise<ModelTokenizer> {
  if (record.vocabulary !== null) return openModelTokenizer(join(folder, record.vocabulary))
  const refuse = () =>
    Promise.reject(
      new ExpectedError(
        'vocabulary-missing',
        `The model ‘${name}’ has no vocabulary, so it cannot read text; import it again with --vocab.`,
      ),
    )
  return Promise.resolve({
    vocabularySize: 0,
    ownVocabularySize: 0,
    encode: refuse,
    pieces: refuse,
    end: () => undefined,
  })
}
