import type { RowTask } from '../../../main/api/index.ts'

/** The texts of a row as one: sentences go on, a question and its answers stand apart. */
export function textTold(texts: readonly string[], task: RowTask): string {
  return texts.join(task === 'qa-multichoice' ? ' | ' : ' ')
}
