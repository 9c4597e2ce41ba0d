import { english } from '../../english.ts'
import { ExpectedError } from '../../expected-error.ts'
import type { VideoConfig, Window } from '../../lfvila/configuration/config.ts'
import type { StateEntry } from '../../lfvila/configuration/state-dict.ts'
import type { CheckpointTensor } from '../files/checkpoint-tensor.ts'
import { resizeAxis } from './bias-table-resize.ts'
import { floatsOf } from './initialisation.ts'
import type { Initialisation, InitialWeight } from './initialisation.ts'

type Tensors = ReadonlyMap<string, CheckpointTensor>
const prefix = 'video_encoder.'
const blockKey = /^layers\.(\d+)\.blocks\.(\d+)\./
const downsampleKey = /^layers\.(\d+)\.downsample\./

/**
 * The video encoder's weights from a 2-D Swin transformer's (REFERENCE §5): its blocks in order are the encoder's
 * blocks in order, bias tables are resized and repeated over time, the patch kernel is repeated over the larger patch.
 * @param entries the state dict of the model to be initialised.
 * @throws ExpectedError naming the first weight that is missing or does not fit.
 */
export function inflateSwin(tensors: Tensors, config: VideoConfig, entries: readonly StateEntry[]): Initialisation {
  const sourceOf = sourceNames(tensors, config)
  const weights = new Map<string, InitialWeight>()
  const used = new Set<string>()
  for (const { role, name, shape } of entries) {
    if (role !== 'weight' || !name.startsWith(prefix)) continue
    const target = name.slice(prefix.length)
    const key = sourceOf(target)
    const tensor = tensors.get(key)
    if (!tensor) {
      throw new ExpectedError(
        'swin-mismatch',
        `The Swin checkpoint has no ${key}, from which ${name} is made; give a checkpoint of a 2-D Swin transformer.`,
      )
    }
    const { shape: needed, read } = inflation(key, target, { shape, tensor, config })
    if (tensor.shape.join() !== needed.join()) {
      throw new ExpectedError(
        'swin-mismatch',
        `The Swin checkpoint's ${key} has the shape [${tensor.shape.join(', ')}], but ${name} is made of [${needed.join(', ')}]; give the Swin transformer that the configuration was written for.`,
      )
    }
    used.add(key)
    weights.set(name, { from: key, read })
  }
  const skipped = [...tensors.keys()].filter(key => !used.has(key)).map(key => ({ key, reason: reasonToSkip(key) }))
  return { weights, skipped }
}

/** Names in the Swin transformer by names in the video encoder. */
function sourceNames(tensors: Tensors, { stages }: VideoConfig): (target: string) => string {
  const swinBlocks = distinct(tensors, blockKey)
  const blocks = stages.flatMap(({ depth }, layer) =>
    Array.from({ length: depth }, (_, block) => `layers.${layer}.blocks.${block}.`),
  )
  if (swinBlocks.length !== blocks.length) {
    throw new ExpectedError(
      'swin-mismatch',
      `The Swin checkpoint has ${swinBlocks.length} blocks, but the video encoder has ${blocks.length}; give the Swin transformer that the configuration was written for.`,
    )
  }
  const swinMergings = distinct(tensors, downsampleKey)
  const renamed = new Map([
    ...blocks.map((name, index) => [name, swinBlocks[index]!] as const),
    ...stages
      .flatMap(({ merges }, layer) => (merges ? [`layers.${layer}.downsample.`] : []))
      .map((name, index) => [name, swinMergings[index] ?? name] as const),
  ])
  return target => {
    if (target.startsWith('local_feat_proj.')) return target.replace('local_feat_proj.', 'layers.2.downsample.')
    if (target.startsWith('norm_local.')) return target.replace('norm_local.', 'norm.')
    const module = (blockKey.exec(target) ?? downsampleKey.exec(target))?.[0]
    return module === undefined ? target : target.replace(module, renamed.get(module) ?? module)
  }
}

/** The modules that match, by layer and block. */
function distinct(tensors: Tensors, pattern: RegExp): string[] {
  const modules = new Map<string, number>()
  for (const key of tensors.keys()) {
    const match = pattern.exec(key)
    if (match) modules.set(match[0], Number(match[1]) * 1e6 + Number(match[2] ?? 0))
  }
  return [...modules].sort(([, one], [, other]) => one - other).map(([module]) => module)
}

/** Shape that the 2-D weight must have, and how the video encoder's is made of it. */
function inflation(
  key: string,
  target: string,
  {
    shape,
    tensor,
    config: { stages },
  }: { readonly shape: readonly number[]; readonly tensor: CheckpointTensor; readonly config: VideoConfig },
): { shape: readonly number[]; read: () => Promise<Float32Array> } {
  if (target.endsWith('relative_position_bias_table')) {
    const window = stages[Number(blockKey.exec(target)?.[1])]?.window
    const side = Math.round(Math.sqrt(tensor.shape[0] ?? 0))
    if (window) {
      return {
        shape: [side * side, shape[1] ?? 0],
        read: async () => overTime(await floatsOf(key, tensor), side, window),
      }
    }
  }
  if (target === 'patch_embed.proj.weight') {
    const [out = 0, channels = 0, , rows = 0, columns = 0] = shape
    const [kernelRows = 0, kernelColumns = 0] = tensor.shape.slice(2)
    const divides = kernelRows > 0 && kernelColumns > 0 && rows % kernelRows === 0 && columns % kernelColumns === 0
    return {
      shape: [out, channels, divides ? kernelRows : rows, divides ? kernelColumns : columns],
      read: async () => repeatKernel(await floatsOf(key, tensor), [kernelRows, kernelColumns], [rows, columns]),
    }
  }
  return { shape, read: () => floatsOf(key, tensor) }
}

/**
 * [side², heads] of a square window resized to the rows and columns of `window` and repeated for each offset in time.
 */
function overTime(table: Float32Array, side: number, [frames, rows, columns]: Window): Float32Array {
  const heads = table.length / side ** 2
  const flat = resizeAxis(resizeAxis(table, { size: side, after: heads, newSize: 2 * columns - 1 }), {
    size: side,
    after: (2 * columns - 1) * heads,
    newSize: 2 * rows - 1,
  })
  const repeated = new Float32Array(flat.length * (2 * frames - 1))
  for (let at = 0; at < repeated.length; at += flat.length) repeated.set(flat, at)
  return repeated
}

/** Kernels [n, rows, columns] repeated (not stretched) over a larger patch, divided so that the sum stays. */
function repeatKernel(
  kernels: Float32Array,
  [rows, columns]: readonly [number, number],
  [newRows, newColumns]: readonly [number, number],
): Float32Array {
  const count = kernels.length / (rows * columns)
  const repeats = (newRows * newColumns) / (rows * columns)
  return Float32Array.from({ length: count * newRows * newColumns }, (_, at) => {
    const kernel = Math.floor(at / (newRows * newColumns))
    const [row, column] = [(Math.floor(at / newColumns) % newRows) % rows, (at % newColumns) % columns]
    return kernels[(kernel * rows + row) * columns + column]! / repeats
  })
}

function reasonToSkip(key: string): string {
  if (/(relative_position_index|attn_mask)$/.test(key)) return english`an index table that the program computes itself`
  return key.startsWith('head.')
    ? english`the classifier of the Swin transformer`
    : english`not part of the video encoder`
}
