import { english } from '../../native-models/english.ts'
import type { ShippedModel } from '../../native-models/starter/shipped.ts'
import type { ModelRecord } from './model-file.ts'

const shipped = english`ships with the workbench, trained on drawn stories`

/** How the record of a shipped model tells where it is from: another version of its weights is another source. */
export const shippedSource = ({ sha256 }: Pick<ShippedModel, 'sha256'>): string => `${shipped} (sha256 ${sha256})`

export const isShipped = (source: string): boolean => source.startsWith(shipped)

/** Whether it looks at videos by weights that have seen drawn stories alone: those of a model that ships. */
export function seesDrawingsOnly({ source, learned }: Pick<ModelRecord, 'source' | 'learned'>): boolean {
  return isShipped(learned?.videoSource ?? source)
}
