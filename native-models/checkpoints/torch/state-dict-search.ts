import { english } from '../../english.ts'
import { ExpectedError } from '../../expected-error.ts'
import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'
import type { SkippedEntry } from '../files/skipped-entry.ts'
import { isKind, PickleOpaque } from './pickle-values.ts'
import type { PickleValue } from './pickle-values.ts'
import { TorchTensor, UnreadableTensor } from './torch-objects.ts'

export interface FoundStateDict {
  readonly tensors: ReadonlyMap<string, TorchTensor>
  /** What lies beside them, in the state dict and around it. */
  readonly skipped: readonly SkippedEntry[]
}

/** A dictionary that holds tensors, and the keys by which it is reached. */
interface Candidate {
  readonly path: readonly string[]
  readonly entries: ReadonlyMap<PickleValue, PickleValue>
  readonly tensors: number
}

const deepest = 5
/** Containers looked into: a checkpoint has some hundreds, most of them an optimizer's. */
const mostContainers = 100_000
const mostListed = 200
/** What training keeps beside the weights, by the names that training scripts give it. */
const bookkeeping =
  /optim|^opt(_|$)|sched|scaler|^amp$|rng|random|callback|loss|criterion|metric|history|^args$|config|hyper|^queue$|shapes$/i
/** A set of weights has at least this share of the tensors of the largest beside it. */
const smallestShare = 0.1

/**
 * The state dict in what a checkpoint's pickle holds, bare or below any keys, found by its tensors.
 * @param file as sentences call it. @param key the keys that lead to it, joined by dots; null where there must be only
 * one.
 * @throws ExpectedError when several could be meant, or it holds a module, arrays of numpy or parts of weights in their
 * place.
 * @throws MalformedCheckpoint when there is none.
 */
export function findStateDict(root: PickleValue, file: string, key: string | null): FoundStateDict {
  const all = candidatesIn(root, key !== null)
  const candidates = withoutParts(all)
  const chosen = key === null ? theOnly(candidates, file) : all.find(({ path }) => path.join('.') === key)
  if (!chosen && key !== null && candidates.length > 0) {
    throw new ExpectedError(
      'checkpoint-choice',
      `${file} holds no weights under ${shown(key)}; it holds ${listed(candidates)}.`,
    )
  }
  if (!chosen) throw nothingFound(root, file)
  const tensors = new Map<string, TorchTensor>()
  const skipped: SkippedEntry[] = []
  for (const [name, value] of chosen.entries) {
    if (typeof name === 'string' && value instanceof TorchTensor) tensors.set(name, value)
    else skipped.push({ key: label(name), reason: whyNoWeight(value) })
  }
  assertWhole(tensors, root, file)
  return { tensors, skipped: [...skipped, ...around(root, chosen.path)].slice(0, mostListed) }
}

/** @param everything looks below the names of a training's state too. */
function candidatesIn(root: PickleValue, everything: boolean): Candidate[] {
  const found: Candidate[] = []
  const seen = new Set<object>()
  const visit = (value: PickleValue, path: readonly string[]): void => {
    const children = childrenOf(value)
    if (!children || path.length > deepest || seen.has(value as object) || seen.size > mostContainers) return
    seen.add(value as object)
    const tensors = children.named
      ? [...children.entries].filter(([name, one]) => typeof name === 'string' && one instanceof TorchTensor).length
      : 0
    if (tensors > 0) found.push({ path, entries: children.entries, tensors })
    // An optimizer's state is by numbers.
    for (const [name, one] of children.entries) {
      if (everything || (!isBookkeeping(name) && typeof name === (children.named ? 'string' : 'number'))) {
        visit(one, [...path, label(name)])
      }
    }
  }
  visit(root, [])
  return found
}

/** What a container holds; only a dictionary, or an object of a class derived from one, can be a state dict. */
function childrenOf(
  value: PickleValue | undefined,
): { entries: ReadonlyMap<PickleValue, PickleValue>; named: boolean } | null {
  if (isKind(value, 'dict')) return { entries: value.entries, named: true }
  if (value instanceof PickleOpaque) return value.entries && { entries: value.entries, named: true }
  if (isKind(value, 'list') || isKind(value, 'tuple')) {
    return value.items.length > mostListed ? null : { entries: new Map(value.items.entries()), named: false }
  }
  return null
}

const isBookkeeping = (name: PickleValue): boolean => typeof name === 'string' && bookkeeping.test(name)

/**
 * Without the few tensors that lie about beside a whole state dict: a random state, a counter, a criterion's weights.
 */
function withoutParts(candidates: readonly Candidate[]): Candidate[] {
  const largest = Math.max(...candidates.map(({ tensors }) => tensors))
  // Tensors at the root beside a wrapped state dict are its training's, unless they are as many.
  const isPart = ({ path, tensors }: Candidate) =>
    path.length === 0 &&
    candidates.some(other => other.path.length > 0 && other.tensors >= tensors && other.tensors > 1)
  const whole = candidates.filter(one => one.tensors >= smallestShare * largest && !isPart(one))
  return whole.length > 0 ? whole : [...candidates]
}

function theOnly(candidates: readonly Candidate[], file: string): Candidate | undefined {
  if (candidates.length <= 1) return candidates[0]
  const [first] = candidates
  throw new ExpectedError(
    'checkpoint-choice',
    `${file} holds ${candidates.length} sets of weights: ${listed(candidates)}; name one after two colons, as in ${file}::${shown(first!.path.join('.'))}.`,
  )
}

function listed(candidates: readonly Candidate[]): string {
  return candidates
    .slice(0, 10)
    .map(
      ({ path, tensors }) =>
        english`${path.length === 0 ? 'the file itself' : shown(path.join('.'))} (${tensors} tensor${tensors === 1 ? '' : 's'})`,
    )
    .join(', ')
}

/** What lies beside the chosen dictionary, on the way to it. */
function around(root: PickleValue, path: readonly string[]): SkippedEntry[] {
  const skipped: SkippedEntry[] = []
  let value: PickleValue | undefined = root
  for (const [depth, step] of path.entries()) {
    const entries: ReadonlyMap<PickleValue, PickleValue> = childrenOf(value)?.entries ?? new Map()
    for (const [name, one] of entries) {
      if (label(name) !== step) {
        skipped.push({
          key: [...path.slice(0, depth), label(name)].join('.'),
          reason: english`beside the weights: ${whatIs(one)}`,
        })
      }
    }
    value = [...entries].find(([name]) => label(name) === step)?.[1]
  }
  return skipped
}

const label = (name: PickleValue): string =>
  typeof name === 'string' ? shown(name) : typeof name === 'number' ? String(name) : whatIs(name)

function whyNoWeight(value: PickleValue): string {
  return value instanceof UnreadableTensor
    ? english`a tensor of a kind that no weight has (${shown(value.what)})`
    : english`no tensor but ${whatIs(value)}`
}

function whatIs(value: PickleValue | undefined): string {
  if (value === null || value === undefined) return 'nothing'
  if (value instanceof PickleOpaque || isKind(value, 'global')) {
    return english`an object that was not made (${shown(value.name)})`
  }
  if (value instanceof TorchTensor || value instanceof UnreadableTensor) return english`a tensor`
  if (value instanceof Uint8Array) return 'bytes'
  if (typeof value !== 'object') {
    return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? english`true or false` : english`a number`
  }
  return value.kind === 'dict'
    ? english`a dictionary`
    : value.kind === 'list' || value.kind === 'tuple'
      ? `a ${value.kind}`
      : english`an object`
}

/** Says what is there in the place of a state dict. */
function nothingFound(root: PickleValue, file: string): Error {
  const module = [root, ...(childrenOf(root)?.entries.values() ?? [])].find(isModule)
  if (module) {
    return new ExpectedError(
      'checkpoint-module',
      `${file} holds a whole module (${shown(module.name)}), not its weights alone; in PyTorch, save module.state_dict() and give that file.`,
    )
  }
  const children = childrenOf(root)
  const entries = children?.entries
  if (!entries || !children?.named) {
    return new MalformedCheckpoint(`it holds no dictionary of tensors, but ${whatIs(root)}`)
  }
  const values = [
    ...entries.values(),
    ...[...entries.values()].flatMap(value => [...(childrenOf(value)?.entries.values() ?? [])].slice(0, mostListed)),
  ]
  if (values.some(isArray)) {
    return new ExpectedError(
      'checkpoint-arrays',
      `${file} holds arrays of numpy in the place of tensors; in PyTorch, save {name: torch.from_numpy(array)} and give that file.`,
    )
  }
  if (values.some(value => value instanceof UnreadableTensor)) {
    return new MalformedCheckpoint('none of its tensors is of a type that weights have')
  }
  if (isPartition(root)) return partitioned(file)
  const optimizer = [...entries.keys()].some(isBookkeeping)
  return new MalformedCheckpoint(
    optimizer
      ? `it holds no tensors of weights, but a training's state (${[...entries.keys()].slice(0, 5).map(label).join(', ')})`
      : 'it holds no tensors',
  )
}

function isModule(value: PickleValue | undefined): value is PickleOpaque {
  return value instanceof PickleOpaque && isKind(value.state, 'dict') && value.state.entries.has('_parameters')
}

const isArray = (value: PickleValue): boolean =>
  value instanceof PickleOpaque && /^numpy\..*_reconstruct$/.test(value.name)

/** DeepSpeed's file of one process: a part of the weights and of the optimizer. */
const isPartition = (root: PickleValue): boolean =>
  isKind(root, 'dict') && root.entries.has('optimizer_state_dict') && root.entries.has('ds_version')

/** @throws ExpectedError where DeepSpeed left empty tensors, or one flat tensor, in the place of weights. */
function assertWhole(tensors: ReadonlyMap<string, TorchTensor>, root: PickleValue, file: string): void {
  const weights = [...tensors.values()].filter(({ storage }) => /float/.test(storage.stored.dtype ?? ''))
  const empty = weights.filter(({ count }) => count === 0).length
  const ofDeepSpeed =
    isKind(root, 'dict') &&
    (root.entries.has('ds_version') || root.entries.has('ds_config') || root.entries.has('param_shapes'))
  if (
    (weights.length > 0 && (empty === weights.length || (ofDeepSpeed && empty * 2 > weights.length))) ||
    isPartition(root)
  ) {
    throw partitioned(file)
  }
}

function partitioned(file: string): ExpectedError {
  return new ExpectedError(
    'checkpoint-partitioned',
    `${file} holds no whole weights: DeepSpeed's ZeRO-3 left them in parts, in the zero_pp_rank_* files beside it; run the zero_to_fp32.py that DeepSpeed put into the checkpoint's folder, and give the pytorch_model.bin that it writes.`,
  )
}
