import { english } from '../../../native-models/english.ts'
import type { ModelInUse } from '../../models/registry/model-in-use.ts'
import type { Notices } from './notices.ts'

/**
 * Says on screen what results of the model in use are worth: random weights mean nothing, the starter and what
 * learnt from corrected captions on top of it know drawings.
 */
export function sayWhatItKnows(
  notices: Notices,
  { trained, drawingsOnly, id }: Pick<ModelInUse['identity'], 'trained' | 'drawingsOnly' | 'id'>,
): void {
  notices.set(
    'untrained',
    'warning',
    trained
      ? null
      : english`The model ‘${id}’ has random weights: everything works, but scores and attention mean nothing. Import trained weights and use them.`,
  )
  notices.set(
    'starter',
    'info',
    trained && drawingsOnly
      ? english`The model ‘${id}’ was trained on drawn stories, for learning the tool; for real footage, download or import a model on the Models page.`
      : null,
  )
}
