import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'

/** Why a folder of Hugging Face cannot be taken as it is, with the remedy. */
export function refusal(sentence: string, cause?: unknown): ExpectedError {
  return new ExpectedError('hub-folder', sentence, { cause })
}

/** What to do about anything that is not in the files. */
export const byHand = english`or describe the towers in a JSON file (docs/other-models.md)`
