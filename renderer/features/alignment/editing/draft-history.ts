import type { Caption, CaptionEdit, CaptionStep } from '../../../../main/api/index.ts'

/** Sentences with what led to them: the last step stands at the end of each list. */
export interface History {
  readonly sentences: readonly Caption[]
  readonly done: readonly CaptionStep[]
  readonly undone: readonly CaptionStep[]
}

/** What led from one list to the other, as one piece that was replaced; null when they are the same. */
export function stepBetween(
  what: CaptionEdit,
  before: readonly Caption[],
  after: readonly Caption[],
): CaptionStep | null {
  let at = 0
  while (at < Math.min(before.length, after.length) && isSame(before[at], after[at])) at += 1
  let tail = 0
  const most = Math.min(before.length, after.length) - at
  while (tail < most && isSame(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1
  const removed = before.slice(at, before.length - tail)
  const inserted = after.slice(at, after.length - tail)
  return removed.length + inserted.length === 0 ? null : { what, at, removed, inserted }
}

/** The history with one more step; `goesOn`: the step goes on with the last, as one press of a key after another. */
export function withStep(
  history: History,
  step: CaptionStep,
  { most, goesOn }: { most: number; goesOn: boolean },
): History {
  const last = history.done.at(-1)
  const sentences = replaced(history.sentences, step)
  const isSameOne =
    last?.what === step.what && last.at === step.at && last.inserted.length === 1 && step.removed.length === 1
  const done =
    goesOn && last && isSameOne && step.inserted.length === 1
      ? [...history.done.slice(0, -1), { ...last, inserted: step.inserted }]
      : [...history.done, step].slice(-most)
  return { sentences, done, undone: [] }
}

export function undo(history: History): History {
  const step = history.done.at(-1)
  if (!step) return history
  const { removed, inserted } = step
  return {
    sentences: replaced(history.sentences, { ...step, removed: inserted, inserted: removed }),
    done: history.done.slice(0, -1),
    undone: [...history.undone, step],
  }
}

export function redo(history: History): History {
  const step = history.undone.at(-1)
  if (!step) return history
  return {
    sentences: replaced(history.sentences, step),
    done: [...history.done, step],
    undone: history.undone.slice(0, -1),
  }
}

function replaced(sentences: readonly Caption[], { at, removed, inserted }: CaptionStep): readonly Caption[] {
  return [...sentences.slice(0, at), ...inserted, ...sentences.slice(at + removed.length)]
}

function isSame(a: Caption | undefined, b: Caption | undefined): boolean {
  return a === b || (a?.text === b?.text && a?.start === b?.start && a?.end === b?.end)
}
