import { inPrecision } from '../../native-models/graph/precision/precision.ts'
import type { Precision } from '../../native-models/graph/precision/precision.ts'
import type { Program } from '../../native-models/graph/program.ts'
import type { Form } from '../../native-models/lfvila/configuration/form.ts'
import { attentionRow } from '../../native-models/programs/attention-row.ts'
import { inspectAttention } from '../../native-models/programs/inspect-attention.ts'
import { wordAttention } from '../../native-models/programs/word-attention.ts'
import type { WordAttentionOptions } from '../../native-models/programs/word-attention.ts'
import { answerProgram, textProgram, videoProgram } from '../model-folder/kinds.ts'
import type { AnswerText } from '../model-folder/kinds.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'

type Pixels = 'uint8' | 'float32'

/** Which program of a registered model, in few words: what is cached on disk and asked of the compile thread. */
export type ProgramRecipe =
  | { readonly program: 'encode-video'; readonly pixels: Pixels; readonly form: Form; readonly precision: Precision }
  | { readonly program: 'encode-text'; readonly precision: Precision }
  /**
   * Of a model that classifies: one video, and for a question a text of so many sentences of so many tokens, to logits.
   */
  | ({ readonly program: 'answer'; readonly pixels: Pixels } & AnswerText)
  | { readonly program: 'inspect-attention'; readonly pixels: Pixels }
  | { readonly program: 'attention-row'; readonly pixels: Pixels; readonly stage: number; readonly block: number }
  /** Of a model that reads text and video together. */
  | ({ readonly program: 'word-attention' } & WordAttentionOptions)

export function buildProgram({ record: { kind }, config }: RegisteredModel, recipe: ProgramRecipe): Program {
  switch (recipe.program) {
    case 'encode-video':
      return inPrecision(videoProgram(kind, config, { pixels: recipe.pixels, form: recipe.form }), recipe.precision)
    case 'encode-text':
      return inPrecision(textProgram(kind, config), recipe.precision)
    case 'answer':
      return answerProgram(kind, config, recipe)
    case 'inspect-attention':
      return inspectAttention(config, recipe.pixels)
    case 'attention-row':
      return attentionRow(config, { stage: recipe.stage, block: recipe.block }, recipe.pixels)
    case 'word-attention':
      return wordAttention(config, kind, recipe)
    default:
      return recipe satisfies never
  }
}

/** For example `encode-video-uint8-fused`. */
export const recipeName = (recipe: ProgramRecipe): string => Object.values(recipe).join('-')
