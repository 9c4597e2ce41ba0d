import type { VideoIndex } from '../../api/library/library.ts'
import type { Pass } from '../vectors/embedding-key.ts'
import type { StoredPass } from '../vectors/embedding-ledger.ts'

/** A model that can search, and the keys of what it embeds as it is set now. */
export interface IndexingModel {
  readonly id: string
  readonly hash: string
  readonly keys: Readonly<Record<Pass, string>>
}

const nothing = { state: 'none', at: null, warnings: [] } as const satisfies VideoIndex['overview']

/**
 * Under which models a video is indexed. `stale`: by the same weights, but sampled or computed otherwise than now.
 * @param stored the finished passes over its content
 * @param models in the order in which they are listed; those without any embeddings of it are listed too
 */
export function videoIndexes(stored: readonly StoredPass[], models: readonly IndexingModel[]): VideoIndex[] {
  const here = models.map(({ id, hash, keys }): VideoIndex => {
    const own = stored.filter(({ modelHash }) => modelHash === hash)
    return { model: id, overview: passOf(own, 'overview', keys.overview), dense: passOf(own, 'dense', keys.dense) }
  })
  const hashes = new Set(models.map(({ hash }) => hash))
  const others = stored.filter(({ modelHash }) => !hashes.has(modelHash))
  if (others.length === 0) return here
  return [...here, { model: null, overview: passOf(others, 'overview', null), dense: passOf(others, 'dense', null) }]
}

function passOf(stored: readonly StoredPass[], pass: Pass, key: string | null): VideoIndex['overview'] {
  const passes = stored.filter(one => one.pass === pass)
  const current = passes.find(one => one.key === key)
  if (current) return { state: 'indexed', at: current.createdAt, warnings: [...current.warnings] }
  if (passes.length === 0) return nothing
  return { ...nothing, state: 'stale', at: Math.max(...passes.map(({ createdAt }) => createdAt)) }
}
