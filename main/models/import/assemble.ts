import { resizeBiasTable, windowOfIndex } from '../../../native-models/checkpoints/initialisation/bias-table-resize.ts'
import { floatsOf } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import type { InitialWeight } from '../../../native-models/checkpoints/initialisation/initialisation.ts'
import { randomWeight } from '../../../native-models/checkpoints/initialisation/random-initialisation.ts'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { LfVilaConfig, Window } from '../../../native-models/lfvila/configuration/config.ts'
import type { StateEntry } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { ImportedWeight, ImportInput, ImportReport, ModelKind } from '../../api/models.ts'
import type { Initialisations } from './initialisations.ts'
import { assertFinite, misfit, sameShape } from './weights.ts'
import type { FoundTensor, Weights } from './weights.ts'

/** A weight of the model to be, and where its values come from. */
export interface AssembledWeight extends ImportedWeight {
  /** False when nothing was trained for it. */
  readonly trained: boolean
  /** @throws ExpectedError when a value is no finite number. */
  read(): Promise<Float32Array>
}

export interface Assembly {
  readonly weights: readonly AssembledWeight[]
  /** Keys of the checkpoint under which a weight is a second time. */
  readonly aliases: readonly ImportedWeight[]
  readonly skipped: ImportReport['skipped']
}

/** What the weights of a model are put together from. */
export interface AssemblyParts {
  readonly kind: ModelKind
  readonly config: LfVilaConfig
  readonly entries: readonly StateEntry[]
  readonly weights: Weights
  /** Null when every weight must be in the checkpoint. */
  readonly initialisations: Initialisations | null
  readonly resizeBias: ImportInput['resizeBias']
}

type WeightEntry = Extract<StateEntry, { role: 'weight' }>

const segments = 'sent_embedding.segment_embeddings.weight'
const biasTable = /layers\.(\d+)\.blocks\.\d+\.attn\.relative_position_bias_table$/
const indexTable = /\.(relative_position_index|attn_mask|position_ids|token_type_ids)$/
/**
 * A new task brings another number of labels: its head is made anew, as in the reference, which passes over the old
 * one.
 */
const taskHead = /^(text_encoder\.)?(span_)?classifier\./

/**
 * Decides for every weight of the model where it comes from (REFERENCE §5): the checkpoint, later files over earlier
 * ones; else a Swin transformer or BERT; else random numbers.
 * @throws ExpectedError naming the first weight, in the order of the published class, that is missing or does not fit.
 */
export async function assemble(parts: AssemblyParts): Promise<Assembly> {
  const { entries, weights, kind, initialisations } = parts
  const assembled: AssembledWeight[] = []
  const aliases: ImportedWeight[] = []
  const skipped: ImportReport['skipped'] = []
  const known = new Set<string>()
  for (const entry of entries) {
    if (entry.role !== 'weight') continue
    const { weight, used, keys } = await find(entry, parts)
    assembled.push(weight)
    for (const key of keys) known.add(key)
    for (const { path, key, tensor } of weights.all(...keys)) {
      if (path !== used?.path) {
        skipped.push({
          key,
          reason: sameShape(tensor.shape, entry.shape)
            ? english`replaced by ${weight.from} (${path})`
            : english`has the shape [${tensor.shape.join(', ')}] where the model has [${entry.shape.join(', ')}] (${path})`,
        })
      } else if (key !== entry.name) {
        aliases.push({
          key,
          shape: [...entry.shape],
          how: weight.how,
          from: english`${path} (the same weight as ${entry.name})`,
        })
      }
    }
  }
  for (const key of weights.keys()) {
    if (!known.has(key)) {
      skipped.push({
        key,
        reason: indexTable.test(key)
          ? english`an index table that the program computes itself`
          : english`not part of a model of kind ${kind}`,
      })
    }
  }
  return { weights: assembled, aliases, skipped: [...skipped, ...weights.skipped, ...(initialisations?.skipped ?? [])] }
}

async function find(
  entry: WeightEntry,
  parts: AssemblyParts,
): Promise<{ weight: AssembledWeight; used?: FoundTensor; keys: readonly string[] }> {
  const { name, shape } = entry
  const { entries, weights, initialisations, resizeBias } = parts
  // One parameter under two keys: loading a state dict writes the second key's values over the first's.
  const keys = [...entries.flatMap(one => (one.role === 'alias' && one.of === name ? [one.name] : [])), name]
  const made = (
    how: AssembledWeight['how'],
    { from, read }: InitialWeight,
    { used, trained = true }: { readonly used?: FoundTensor; readonly trained?: boolean } = {},
  ) => ({
    weight: { key: name, shape: [...shape], how, from, trained, read: async () => assertFinite(name, await read()) },
    used,
    keys,
  })
  const found = weights.all(...keys)
  const fitting = found.find(({ tensor }) => sameShape(tensor.shape, shape))
  if (fitting) {
    return made('taken', { from: fitting.path, read: () => floatsOf(fitting.key, fitting.tensor) }, { used: fitting })
  }
  const [last] = found
  if (last && name === segments && fewerRows(last.tensor.shape, shape)) {
    return made('extended', extendedSegments(last, shape, parts), { used: last })
  }
  if (last && resizeBias && biasTable.test(name)) {
    return made('resized', await resizedTable(last, entry, { ...parts, axes: resizeBias }), { used: last })
  }
  if (last && !(initialisations && taskHead.test(name))) {
    throw misfit(name, {
      found: last.tensor.shape,
      expected: shape,
      remedy: biasTable.test(name) ? english`, or fit its attention windows with --resize-bias` : '',
    })
  }
  if (!initialisations) throw weights.missing(name)
  const given = initialisations.given(name)
  return given ? made('initialised', given) : made('initialised', initialisations.random(name), { trained: false })
}

const fewerRows = ([rows = 0, ...rest]: readonly number[], [moreRows = 0, ...others]: readonly number[]): boolean =>
  rows < moreRows && sameShape(rest, others)

/** Sentences that the checkpoint has no row for keep what the model starts with, as in the reference. */
function extendedSegments(
  { path, tensor }: FoundTensor,
  shape: readonly number[],
  { entries, config, initialisations }: AssemblyParts,
): InitialWeight {
  const rows = tensor.shape[0] ?? 0
  const start =
    initialisations?.random(segments) ?? randomWeight({ entries, config }, segments, { seed: 0, start: 'published' })
  return {
    from: english`${path}, rows ${rows + 1} to ${shape[0]} ${start.from}`,
    async read() {
      const values = await start.read()
      values.set(await floatsOf(segments, tensor))
      return values
    },
  }
}

/** @throws ExpectedError when the table is of a window that the option cannot resize. */
async function resizedTable(
  { path, tensor }: FoundTensor,
  { name, shape }: WeightEntry,
  { config, weights, axes }: { readonly axes: 'time' | 'full' } & AssemblyParts,
): Promise<InitialWeight> {
  const to = config.video.stages[Number(biasTable.exec(name)?.[1])]?.window
  const [rows = 0, heads = 0] = tensor.shape
  if (!to || tensor.shape.length !== 2 || heads !== shape[1]) {
    throw misfit(name, { found: tensor.shape, expected: shape })
  }
  const from = axes === 'time' ? longerInTime(rows, to) : await windowOf(name, weights)
  if (!from) {
    throw new ExpectedError(
      'weights-window',
      axes === 'time'
        ? `The checkpoint's ${name} has ${rows} rows, which no window of ${to[1]}×${to[2]} patches has; its windows differ in more than time, which --resize-bias full can resize.`
        : `The checkpoint has no relative_position_index beside ${name}, which would tell the shape of its windows; use --resize-bias time, if they differ in time only.`,
    )
  }
  return {
    from: english`${path}, resized from windows of ${from.join('×')} to ${to.join('×')}`,
    read: async () => resizeBiasTable(await floatsOf(name, tensor), { heads, from, to }),
  }
}

/** The window of as many rows in its table that has the rows and columns of another, or null when there is none. */
function longerInTime(tableRows: number, [, rows, columns]: Window): Window | null {
  const frames = (tableRows / ((2 * rows - 1) * (2 * columns - 1)) + 1) / 2
  return Number.isInteger(frames) ? [frames, rows, columns] : null
}

async function windowOf(table: string, weights: Weights): Promise<Window | null> {
  const index = weights.get(table.replace(/bias_table$/, 'index'))
  return index ? windowOfIndex(await index.read(), index.shape[0] ?? 0) : null
}
