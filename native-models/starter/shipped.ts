import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LfVilaKind } from '../lfvila/configuration/state-dict.ts'

/** The models that ship with the program, the first of them for searching; `README.md` beside them is their card. */
export const shippedModels = ['starter', 'starter-stage2', 'starter-places'] as const
export type ShippedId = (typeof shippedModels)[number]

/** What `<id>.json` beside the weights says of a model that ships. */
export interface ShippedModel {
  readonly kind: LfVilaKind
  /** The reference's model configuration and BERT configuration. */
  readonly config: { readonly model: object; readonly bert: object }
  /** Names of the classes, of a model that has them. */
  readonly labels: readonly string[] | null
  /** What it was trained with, as the record of a model has it. */
  readonly training: object
  /** Of `<id>.safetensors`, whose weights are in half precision. */
  readonly sha256: string
}

/** Seen from the sources, and from a bundle and its chunks. */
const places = ['./weights', '../../native-models/starter/weights', '../../../native-models/starter/weights']

function folder(): string {
  const candidates = places.map(place => fileURLToPath(new URL(place, import.meta.url)))
  const found = candidates.find(path => existsSync(path))
  if (!found) throw new Error(`A part of the program is missing: none of ${candidates.join(', ')} exists.`)
  return found
}

export async function shippedModel(id: ShippedId): Promise<ShippedModel> {
  return JSON.parse(await readFile(join(folder(), `${id}.json`), 'utf8')) as ShippedModel
}

/** The bytes of a safetensors file. */
export function shippedWeights(id: ShippedId): Promise<Buffer> {
  return readFile(join(folder(), `${id}.safetensors`))
}
