import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { rememberedEdits } from '../../../../main/api/common/rules.ts'
import type { Caption, CaptionDraft, CaptionEdit, CaptionsSaved, VideoDetail } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { codeOf, describeProblem } from '../../../client/problem.ts'
import type { Problem } from '../../../client/problem.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { redo, stepBetween, undo, withStep } from './draft-history.ts'
import type { History } from './draft-history.ts'

const retryMs = 3000

/**
 * The sentences of the video at hand as they are being edited. Every edit is sent to the workspace at once, so that it
 * survives a reload and the end of the program; those made while one is under way are sent together.
 */
export function useCaptionDraft(video: () => VideoDetail | null) {
  const toasts = useToasts()
  const draft = shallowRef<CaptionDraft | null>(null)
  /** Null until that of another video has given way. */
  const current = computed(() => (draft.value && draft.value.videoId === video()?.id ? draft.value : null))
  /** Why edits could not be kept; they are sent again. */
  const problem = ref<Problem | null>(null)
  const saving = ref(false)
  /** The file that stands in the way of saving. */
  const conflict = ref<string | null>(null)
  /** What the workspace has, by which captions are aligned. */
  const keptTexts = ref<string | null>(null)
  /** Whether edits are on their way to the workspace. */
  const keeping = ref(false)
  let waiting = false
  let sending: Promise<void> | null = null
  let retry: ReturnType<typeof setTimeout> | undefined

  async function load() {
    await send()
    const id = video()?.id
    if (id === undefined) return
    const found = await client.captions.draft({ videoId: id })
    if (video()?.id !== id || waiting || sending) return
    take(found)
  }

  function take(found: CaptionDraft) {
    draft.value = found
    keptTexts.value = textsOf(found.sentences)
    problem.value = null
  }

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
        const kept = await client.captions.keep(sent)
        problem.value = null
        if (draft.value.videoId !== sent.videoId) continue
        // What was edited meanwhile is told of by the next answer.
        const { edited } = waiting ? draft.value : kept
        draft.value = { ...draft.value, revision: kept.revision, fileChanged: kept.fileChanged, edited }
        keptTexts.value = textsOf(sent.sentences)
      } catch (error) {
        await refused(error)
        return
      }
    }
  }

  async function refused(error: unknown) {
    if (codeOf(error) === 'captions-elsewhere' && draft.value) {
      toasts.fail(error)
      await toasts.guard(async () => take(await client.captions.draft({ videoId: draft.value?.videoId ?? -1 })))
      return
    }
    waiting = true
    problem.value = describeProblem(error)
    clearTimeout(retry)
    retry = setTimeout(() => void send(), retryMs)
  }

  function change(next: History, more: Partial<CaptionDraft> = {}) {
    if (!current.value) return
    draft.value = {
      ...current.value,
      ...more,
      sentences: [...next.sentences],
      done: [...next.done],
      undone: [...next.undone],
      edited: true,
    }
    waiting = true
    keeping.value = true
    void send()
  }

  /** @param goesOn with the step before, so that both are undone together. */
  function edit(what: CaptionEdit, sentences: readonly Caption[], goesOn = false) {
    const step = current.value && stepBetween(what, current.value.sentences, sentences)
    if (current.value && step) change(withStep(current.value, step, { most: rememberedEdits, goesOn }))
  }

  /** @returns the place of what was taken back, or done again. */
  function back(direction: 'undo' | 'redo'): number | null {
    const step = direction === 'undo' ? current.value?.done.at(-1) : current.value?.undone.at(-1)
    if (!current.value || !step) return null
    change(direction === 'undo' ? undo(current.value) : redo(current.value))
    return Math.min(step.at, current.value.sentences.length - 1)
  }

  /** @param over also over a file that has changed since. @returns what became of it; null when it failed. */
  async function save(over = false): Promise<CaptionsSaved | null> {
    let saved: CaptionsSaved | null = null
    saving.value = true
    await toasts.guard(async () => {
      await send()
      if (!current.value || waiting) return
      const { videoId, revision } = current.value
      saved = await client.captions.save({ videoId, revision, over })
      conflict.value = saved.outcome === 'changed' ? saved.file : null
      if (saved.outcome === 'saved' && draft.value?.videoId === videoId) take(saved.draft)
    })
    saving.value = false
    return saved
  }

  /** The sentences of the file again, as a step that can be undone. */
  async function revert() {
    await toasts.guard(async () => {
      if (!current.value) return
      const { videoId } = current.value
      const { file, fileHash, sentences } = await client.captions.file({ videoId })
      if (current.value?.videoId !== videoId) return
      const step = stepBetween('revert', current.value.sentences, sentences)
      const next = step ? withStep(current.value, step, { most: rememberedEdits, goesOn: false }) : current.value
      conflict.value = null
      change(next, { file, fileHash, fileChanged: false })
    })
  }

  watch(
    // The detail comes anew whenever the library changes, as by another window or a changed file.
    () => video(),
    detail => {
      if (draft.value && draft.value.videoId !== detail?.id) conflict.value = null
      if (detail) void toasts.guard(load)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(retry))

  /** Leaves the file that stands in the way, and the edits, as they are. */
  function dismiss() {
    conflict.value = null
  }

  return reactive({ current, keptTexts, problem, keeping, saving, conflict, edit, send, back, save, revert, dismiss })
}

export type CaptionDraftState = ReturnType<typeof useCaptionDraft>

/** What is aligned of sentences: their words, not their times. */
export function textsOf(sentences: readonly Caption[]): string {
  return sentences.map(({ text }) => text).join('\n')
}
