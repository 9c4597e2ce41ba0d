/** What the places along one axis of an array are: `entries` have a value for each of `fields`. */
export interface ArrayAxis {
  readonly name: string
  readonly fields: readonly string[]
  readonly entries: readonly (readonly (string | number)[])[]
}

/** An array that leaves the window. `values` in C order, over the entries of the axes. */
export interface NamedArray {
  /** End of the file's name. */
  readonly name: string
  /** What a value is. */
  readonly quantity: string
  readonly axes: readonly ArrayAxis[]
  readonly values: ArrayLike<number>
}

export type ArrayFormat = 'csv' | 'json' | 'npy'
export const arrayFormats: readonly ArrayFormat[] = ['csv', 'json', 'npy']

export function shapeOf({ axes }: Pick<NamedArray, 'axes'>): number[] {
  return axes.map(({ entries }) => entries.length)
}

/** An axis that only counts, from `first` on. */
export function countedAxis(name: string, count: number, first = 1): ArrayAxis {
  return { name, fields: [name], entries: Array.from({ length: count }, (_, index) => [index + first]) }
}

/**
 * The array as a table: a matrix with the second axis across, anything else with one value a row. The first row names
 * the columns.
 */
export function tableOf({ axes, values, quantity }: NamedArray): (string | number)[][] {
  const [first, second] = axes
  if (first && second && axes.length === 2) {
    const across = second.entries.length
    return [
      [...first.fields, ...second.entries.map(entry => entry.join(' '))],
      ...first.entries.map((entry, row) => [
        ...entry,
        ...second.entries.map((_, column) => values[row * across + column] ?? NaN),
      ]),
    ]
  }
  const rows: (string | number)[][] = [[...axes.flatMap(({ fields }) => fields), quantity]]
  const place = axes.map(() => 0)
  for (let index = 0; index < values.length; index += 1) {
    rows.push([...axes.flatMap(({ entries }, axis) => entries[place[axis] ?? 0] ?? []), values[index] ?? NaN])
    for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
      place[axis] = (place[axis] ?? 0) + 1
      if (place[axis] !== axes[axis]?.entries.length) break
      place[axis] = 0
    }
  }
  return rows
}

/** The array with what its axes are and where it comes from; nested as its shape. */
export function documentOf(array: NamedArray, provenance: object): object {
  const axes = array.axes.map(({ name, fields, entries }) => ({
    name,
    entries: entries.map(entry => Object.fromEntries(fields.map((field, index) => [field, entry[index]]))),
  }))
  return { quantity: array.quantity, shape: shapeOf(array), axes, values: nested(array), provenance }
}

function nested({ values, axes }: Pick<NamedArray, 'axes' | 'values'>): unknown {
  const shape = shapeOf({ axes })
  let parts: unknown[] = Array.from(values)
  for (const length of shape.slice(1).toReversed()) {
    const whole = parts
    parts = Array.from({ length: whole.length / Math.max(1, length) }, (_, index) =>
      whole.slice(index * length, (index + 1) * length),
    )
  }
  return parts
}
