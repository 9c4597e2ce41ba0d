import { onScopeDispose, ref, shallowRef } from 'vue'
import { rememberedEdits } from '../../../../main/api/common/rules.ts'
import type { Caption, CaptionEdit } from '../../../../main/api/index.ts'
import { codeOf, describeProblem } from '../../../client/problem.ts'
import type { Problem } from '../../../client/problem.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { redo, stepBetween, undo, withStep } from './draft-history.ts'
import type { History } from './draft-history.ts'

const retryMs = 3000

/** Spans with their steps as the workspace has them; `revision` counts what was kept. */
export interface Kept extends History {
  readonly revision: number
}

export interface KeptParts<Draft extends Kept> {
  /** Sends what was edited. @returns what the workspace says of it. */
  readonly keep: (edited: Draft) => Promise<Partial<Draft>>
  /** As another window left it, which was quicker. */
  readonly again: (edited: Draft) => Promise<Draft>
  /** The codes by which one that comes too late is refused. */
  readonly elsewhere: readonly string[]
  /** Whether both are about the same video, or tier. */
  readonly isSame: (a: Draft, b: Draft) => boolean
  /** What is so as soon as anything was edited. */
  readonly onEdit?: Partial<Draft>
}

/**
 * A row of spans that is being edited. Every edit is sent to the workspace at once, so that it survives a reload and
 * the end of the program; those made while one is under way are sent together.
 */
export function useKeptSpans<Draft extends Kept>({ keep, again, elsewhere, isSame, onEdit }: KeptParts<Draft>) {
  const toasts = useToasts()
  const draft = shallowRef<Draft | null>(null)
  /** Why edits could not be kept; they are sent again. */
  const problem = ref<Problem | null>(null)
  /** Whether edits are on their way to the workspace. */
  const keeping = ref(false)
  let waiting = false
  let sending: Promise<void> | null = null
  let retry: ReturnType<typeof setTimeout> | undefined

  /** As the workspace has it. */
  function take(found: Draft) {
    draft.value = found
    problem.value = null
  }

  /** Whether something is not in the workspace yet. */
  const isPending = () => waiting || sending !== null

  /** Ends when the workspace has what was edited, or could not take it. */
  function send(): Promise<void> {
    sending ??= sendAll().finally(() => {
      sending = null
      keeping.value = waiting
    })
    return sending
  }

  async function sendAll() {
    while (waiting && draft.value) {
      const sent = draft.value
      waiting = false
      try {
        const kept = await keep(sent)
        problem.value = null
        // What was edited meanwhile is told of by the next answer.
        if (isSame(draft.value, sent)) draft.value = { ...draft.value, ...kept, ...(waiting ? onEdit : {}) }
      } catch (error) {
        await refused(error)
        return
      }
    }
  }

  async function refused(error: unknown) {
    if (elsewhere.includes(codeOf(error) ?? '') && draft.value) {
      const late = draft.value
      toasts.fail(error)
      await toasts.guard(async () => take(await again(late)))
      return
    }
    waiting = true
    problem.value = describeProblem(error)
    clearTimeout(retry)
    retry = setTimeout(() => void send(), retryMs)
  }

  function change(next: History, more: Partial<Draft> = {}) {
    if (!draft.value) return
    const { sentences, done, undone } = next
    draft.value = {
      ...draft.value,
      ...more,
      sentences: [...sentences],
      done: [...done],
      undone: [...undone],
      ...onEdit,
    }
    waiting = true
    keeping.value = true
    void send()
  }

  /** @param goesOn with the step before, so that both are undone together. */
  function edit(what: CaptionEdit, sentences: readonly Caption[], goesOn = false) {
    const step = draft.value && stepBetween(what, draft.value.sentences, sentences)
    if (draft.value && step) change(withStep(draft.value, step, { most: rememberedEdits, goesOn }))
  }

  /** @returns the place of what was taken back, or done again. */
  function back(direction: 'undo' | 'redo'): number | null {
    const step = direction === 'undo' ? draft.value?.done.at(-1) : draft.value?.undone.at(-1)
    if (!draft.value || !step) return null
    change(direction === 'undo' ? undo(draft.value) : redo(draft.value))
    return Math.min(step.at, draft.value.sentences.length - 1)
  }

  onScopeDispose(() => clearTimeout(retry))
  return { draft, problem, keeping, isPending, take, send, change, edit, back }
}
