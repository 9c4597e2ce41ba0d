import type { ModelInUse } from '../../models/registry/model-in-use.ts'
import type { Notices } from './notices.ts'

/** Says on screen that results of random weights mean nothing. */
export function sayUntrained(notices: Notices, { trained, id }: ModelInUse['identity']): void {
  notices.set(
    'untrained',
    'warning',
    trained
      ? null
      : `The model ‘${id}’ has random weights: everything works, but scores and attention mean nothing. Import trained weights and use them.`,
  )
}
