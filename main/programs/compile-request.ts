import type { ErrorCode } from '../../native-models/error-codes.ts'
import type { ShippedId } from '../../native-models/starter/shipped.ts'
import type { ProgramRecipe } from './program-recipes.ts'
import type { TrainingRecipe } from './training-programs.ts'

/**
 * What is made: the file of a program beside a model's weights, those of a training run, or the folders of models
 * that ship with the program.
 */
export type CompileRequest =
  | {
      readonly make: 'program'
      readonly folder: string
      readonly id: string
      readonly recipe: ProgramRecipe
      readonly name: string
    }
  | { readonly make: 'training'; readonly folder: string; readonly id: string; readonly recipe: TrainingRecipe }
  | { readonly make: 'shipped'; readonly models: string; readonly ids: readonly ShippedId[] }

/** `failure`: what the user can do something about; anything else ends the thread with its error. */
export interface Outcome {
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null
}
