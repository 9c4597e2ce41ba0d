export { splitSentences } from './sentences.ts'
export { missingSentence, readTokenizer, wordPieceTokenizer } from './tokenizer.ts'
export type { EncodedSentence, Tokenizer } from './tokenizer.ts'
