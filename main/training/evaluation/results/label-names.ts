import { english } from '../../../../native-models/english.ts'
/** How the labels of a folder meet those of a model. */
export interface LabelMatch {
  /**
   * Names by the model's label numbers; behind them the folder's that the model does not know, which it can never say.
   */
  readonly names: readonly string[]
  /** The place among the names of each of the folder's labels. */
  readonly numbers: readonly number[]
  /** What a reader of the figures must know of it. */
  readonly warnings: readonly string[]
}

/** Names in a warning. */
const namesShown = 5

/**
 * Matches labels by their names. A model whose labels have no names, as a published checkpoint's, has numbers; a folder
 * whose labels are words is then taken in the order of the alphabet, as training takes it.
 * @param model names by number, or null. @param count labels that the model has. @param folder names by the folder's
 * label numbers.
 */
export function matchLabels(model: readonly string[] | null, count: number, folder: readonly string[]): LabelMatch {
  const areNumbers = folder.every((name, label) => name === String(label))
  const known =
    model ??
    Array.from({ length: count }, (_, label) =>
      areNumbers ? String(label) : (folder[label] ?? english`label ${label}`),
    )
  const unknown = folder.filter(name => !known.includes(name))
  const names = [...known, ...unknown]
  const one = unknown.length === 1
  return {
    names,
    numbers: folder.map(name => names.indexOf(name)),
    warnings: [
      ...(model === null && !areNumbers
        ? [
            english`The model does not say what its labels are called; the folder’s are taken in the order of the alphabet: the figures mean nothing if it was trained with another order.`,
          ]
        : []),
      ...(unknown.length === 0
        ? []
        : [
            english`${unknown.length} of the folder’s labels ${one ? 'is' : 'are'} not known to the model (${unknown.slice(0, namesShown).join(', ')}${unknown.length > namesShown ? ', …' : ''}): examples that have ${one ? 'it' : 'them'} count as wrong.`,
          ]),
    ],
  }
}
