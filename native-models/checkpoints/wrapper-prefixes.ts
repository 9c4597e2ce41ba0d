/**
 * What wrappers of a module put before every name in it: of PyTorch's training over several devices, compilation and
 * averaging, and of common training scripts.
 */
const prefixes = [
  'module.',
  '_orig_mod.',
  '_forward_module.',
  '_fsdp_wrapped_module.',
  'model.',
  'net.',
  'network.',
  'ema.',
  'ema_model.',
  'student.',
  'teacher.',
]
/** Names that an averaged module has beside those of the module it wraps. */
const counters = new Set(['n_averaged', 'num_updates', 'decay', 'initted', 'step'])

/** The same without prefixes that all names share, one after the other. */
export function withoutPrefixes<Value>(tensors: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const names = [...tensors.keys()].filter(name => !counters.has(name))
  const prefix = prefixes.find(begin => names.length > 0 && names.every(name => name.startsWith(begin)))
  if (prefix === undefined) return tensors
  return withoutPrefixes(
    new Map([...tensors].map(([name, tensor]) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, tensor])),
  )
}
