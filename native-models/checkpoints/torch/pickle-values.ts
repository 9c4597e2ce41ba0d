/**
 * A value a checkpoint's pickle can hold; an integer that a double cannot hold is a bigint. Persistent ids and calls
 * are resolved by the caller's `PickleMeanings`.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PickleOpaque
export interface PickleList {
  readonly kind: 'list'
  readonly items: PickleValue[]
}
export interface PickleTuple {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue[]
}
export interface PickleDict {
  readonly kind: 'dict'
  readonly entries: Map<PickleValue, PickleValue>
}
/** The name of something importable; never imported. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}
/** Whatever the meanings made of a call or a persistent id. */
export interface PickleObject {
  readonly kind: 'object'
}

/**
 * An object of some class of Python, which is never made: only what the class is called and what the object was filled
 * with.
 */
export class PickleOpaque {
  readonly kind = 'opaque'
  readonly name: string
  /** What a class derived from dict holds as one. */
  entries: Map<PickleValue, PickleValue> | null = null
  /** Its attributes, as a rule a dictionary. */
  state: PickleValue = null

  constructor(name: string) {
    this.name = name
  }
}

export function isKind<Kind extends 'list' | 'tuple' | 'dict' | 'global'>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleValue, { kind: Kind }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}
