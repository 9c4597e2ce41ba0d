import type { PairScores } from '../../api/inspection/why-not.ts'

/** One way to change what is asked; `size` tells which of several ways is the smaller change. */
export interface Candidate<Edit> {
  readonly edit: Edit
  readonly size: number
}

export interface FlipProblem<Edit> {
  /** Single edits that may follow those given. */
  readonly candidates: (edits: readonly Edit[]) => readonly Candidate<Edit>[]
  /** More of them, where none of the first flips; by what those have come to. */
  readonly further?: (
    edits: readonly Edit[],
    tried: readonly { readonly edit: Edit; readonly after: PairScores }[],
  ) => readonly Candidate<Edit>[]
  /** The scores after some edits. */
  readonly score: (edits: readonly Edit[]) => Promise<PairScores>
  /** Scores asked for at most. */
  readonly most: number
}

export interface FlipState<Edit> {
  readonly trials: number
  readonly steps: readonly { readonly edit: Edit; readonly after: PairScores }[]
  readonly end: 'flipped' | 'stuck' | 'limit' | null
}

export const marginOf = ({ wanted, over }: PairScores): number => wanted - over

type Tried<Edit> = Candidate<Edit> & { readonly after: PairScores }

/**
 * Searches greedily for edits after which `wanted` scores above `over`. Each step tries every single edit: where some
 * flip the order the smallest of them is taken, else the one that helps most. In the end each edit but the last is left
 * out once, and stays out where the order stays flipped without it. Told after each trial.
 */
export async function* greedyFlip<Edit>(
  { candidates, further, score, most }: FlipProblem<Edit>,
  before: PairScores,
): AsyncGenerator<FlipState<Edit>, void> {
  let trials = 0
  let steps: FlipState<Edit>['steps'] = []
  const state = (end: FlipState<Edit>['end'] = null): FlipState<Edit> => ({ trials, steps, end })
  if (marginOf(before) > 0) return yield state('flipped')
  for (let reached = before; marginOf(reached) <= 0; reached = steps.at(-1)?.after ?? before) {
    const edits = steps.map(({ edit }) => edit)
    const tried: Tried<Edit>[] = []
    for (const list of [candidates, further]) {
      for (const candidate of list?.(edits, tried) ?? []) {
        if (trials >= most) break
        trials += 1
        tried.push({ ...candidate, after: await score([...edits, candidate.edit]) })
        yield state()
      }
      if (tried.some(isFlip)) break
    }
    const best = bestOf(tried)
    const helps = best !== undefined && marginOf(best.after) > marginOf(reached)
    if (helps) steps = [...steps, { edit: best.edit, after: best.after }]
    if (!helps || (trials >= most && !isFlip(best))) return yield state(trials >= most ? 'limit' : 'stuck')
  }
  for (const { edit: left } of steps.slice(0, -1)) {
    if (trials >= most) break
    const edits = steps.map(({ edit }) => edit).filter(edit => edit !== left)
    trials += 1
    const after = await score(edits)
    if (marginOf(after) > 0) steps = await scored(edits, score)
    yield state()
  }
  yield state('flipped')
}

/** The steps of edits that are known to flip together. */
async function scored<Edit>(
  edits: readonly Edit[],
  score: FlipProblem<Edit>['score'],
): Promise<FlipState<Edit>['steps']> {
  const steps: { edit: Edit; after: PairScores }[] = []
  for (const [place, edit] of edits.entries()) steps.push({ edit, after: await score(edits.slice(0, place + 1)) })
  return steps
}

const isFlip = ({ after }: { readonly after: PairScores }): boolean => marginOf(after) > 0

function bestOf<Edit>(tried: readonly Tried<Edit>[]): Tried<Edit> | undefined {
  const flips = tried.filter(isFlip)
  const smallest = Math.min(...flips.map(({ size }) => size))
  const among = flips.length > 0 ? flips.filter(({ size }) => size === smallest) : tried
  return among.toSorted((a, b) => marginOf(b.after) - marginOf(a.after))[0]
}
