import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { input } from '../graph/tensor.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import { textEncoder } from '../lfvila/text/text-encoder.ts'
import { project } from '../lfvila/video/projections.ts'

export interface EncodeTextOptions {
  /** Paragraphs per run. */
  readonly batch: number
  readonly sentences: number
  /** Tokens per sentence, padding included. */
  readonly length: number
  /** Whether the checkpoint has `text_local_proj`; only then is there a `textLocal`. */
  readonly localProjection: boolean
}

/**
 * Paragraphs to embeddings. Inputs `textIds` and `attentionMask`, int32 [B, sentences, length]; outputs `textGlobal`
 * [B, dimension] and, with a local projection, `textLocal` [B, sentences, dimension], L2-normalised.
 */
export function encodeText(config: LfVilaConfig, options: EncodeTextOptions): Program {
  const shape = [options.batch, options.sentences, options.length]
  const text = textEncoder(input('textIds', 'int32', shape), input('attentionMask', 'int32', shape), config.text)
  return makeProgram('encode-text', {
    textGlobal: project(text.globalToken, 'text_global_proj', config.dimension),
    ...(options.localProjection
      ? { textLocal: project(text.sentenceTokens, 'text_local_proj', config.dimension) }
      : {}),
  })
}
