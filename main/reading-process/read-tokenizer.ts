import { english } from '../../native-models/english.ts'
import { readTokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import type { EncodedSentence, Tokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import { ReadingProcess } from './reading-process.ts'

/** The tokenizer of a model, wherever it computes. */
export interface ModelTokenizer {
  /**
   * As {@link Tokenizer.encode}, text by text. @throws ExpectedError when the tokenizer does not come to an end with
   * them.
   */
  encode(texts: readonly string[], length: number, signal?: AbortSignal): Promise<EncodedSentence[]>
  /** The pieces of token ids as the vocabulary writes them, `##ing`; empty where it has none. */
  pieces(ids: readonly number[], signal?: AbortSignal): Promise<string[]>
  readonly vocabularySize: number
  readonly ownVocabularySize: number
  /** Frees what it holds; the next text opens it again. */
  end(): void
}

/**
 * Splitting a text takes milliseconds; reading the largest tokenizer before it some seconds, on a busy machine ten
 * times that.
 */
const patience = 30_000
/** After a minute without texts a process of 100 MB is worth more than its start. */
const idle = 60_000

/**
 * Opens a tokenizer.json that a stranger may have written. A pattern in it may take for ever with some texts, so it
 * computes in a process of its own.
 * @throws ExpectedError as {@link readTokenizer} does.
 */
export async function openTokenizerApart(path: string, signal?: AbortSignal): Promise<ModelTokenizer> {
  const reader = new ReadingProcess()
  let resting: NodeJS.Timeout | undefined
  const rest = (): void => {
    clearTimeout(resting)
    resting = setTimeout(() => reader.end(), idle).unref()
  }
  const sizes = await reader.run('tokenizer', { path }, { file: path, signal }).catch((error: unknown) => {
    reader.end()
    throw error
  })
  rest()
  return {
    ...sizes,
    async encode(texts, length, signal) {
      clearTimeout(resting)
      try {
        return await reader.run(
          'tokenise',
          { path, texts, length },
          { file: path, doing: english`split these texts`, patience, signal },
        )
      } finally {
        rest()
      }
    },
    async pieces(ids, signal) {
      clearTimeout(resting)
      try {
        return await reader.run('tokenPieces', { path, ids }, { file: path, patience, signal })
      } finally {
        rest()
      }
    },
    end() {
      clearTimeout(resting)
      reader.end()
    },
  }
}

/** A tokenizer of this program's own making, from a plain list of words: it computes here. */
export function inProcess(tokenizer: Tokenizer): ModelTokenizer {
  const { vocabularySize, ownVocabularySize } = tokenizer
  return {
    vocabularySize,
    ownVocabularySize,
    encode: async (texts, length) => texts.map(text => tokenizer.encode(text, length)),
    pieces: async ids => ids.map(id => tokenizer.pieceOf(id)),
    end: () => undefined,
  }
}

/** The tokenizer in the folder of a registered model; a vocab.txt was looked at when it was imported. */
export async function openModelTokenizer(path: string, signal?: AbortSignal): Promise<ModelTokenizer> {
  return path.toLowerCase().endsWith('.txt') ? inProcess(await readTokenizer(path)) : openTokenizerApart(path, signal)
}
