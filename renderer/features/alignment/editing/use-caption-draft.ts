import { computed, reactive, ref, watch } from 'vue'
import { rememberedEdits } from '../../../../main/api/common/rules.ts'
import type { Caption, CaptionDraft, CaptionEdit, CaptionsSaved, VideoDetail } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { stepBetween, withStep } from './draft-history.ts'
import { useKeptSpans } from './use-kept-spans.ts'

/** The sentences of the video at hand as they are being edited, and the file that they go back to. */
export function useCaptionDraft(video: () => VideoDetail | null) {
  const toasts = useToasts()
  const saving = ref(false)
  /** The file that stands in the way of saving. */
  const conflict = ref<string | null>(null)
  /** What the workspace has, by which captions are aligned. */
  const keptTexts = ref<string | null>(null)
  const kept = useKeptSpans<CaptionDraft>({
    async keep(sent) {
      const told = await client.captions.keep(sent)
      if (kept.draft.value?.videoId === sent.videoId) keptTexts.value = textsOf(sent.sentences)
      return told
    },
    async again({ videoId }) {
      const found = await client.captions.draft({ videoId })
      keptTexts.value = textsOf(found.sentences)
      return found
    },
    elsewhere: ['captions-elsewhere'],
    isSame: (a, b) => a.videoId === b.videoId,
    onEdit: { edited: true },
  })
  const { draft, problem, keeping, send } = kept
  /** Null until that of another video has given way. */
  const current = computed(() => (draft.value && draft.value.videoId === video()?.id ? draft.value : null))

  async function load() {
    await send()
    const id = video()?.id
    if (id === undefined) return
    const found = await client.captions.draft({ videoId: id })
    if (video()?.id !== id || kept.isPending()) return
    take(found)
  }

  function take(found: CaptionDraft) {
    kept.take(found)
    keptTexts.value = textsOf(found.sentences)
  }

  /** @param goesOn with the step before, so that both are undone together. */
  function edit(what: CaptionEdit, sentences: readonly Caption[], goesOn = false) {
    if (current.value) kept.edit(what, sentences, goesOn)
  }

  /** @returns the place of what was taken back, or done again. */
  function back(direction: 'undo' | 'redo'): number | null {
    return current.value && kept.back(direction)
  }

  /** @param over also over a file that has changed since. @returns what became of it; null when it failed. */
  async function save(over = false): Promise<CaptionsSaved | null> {
    let saved: CaptionsSaved | null = null
    saving.value = true
    await toasts.guard(async () => {
      await send()
      if (!current.value || kept.isPending()) return
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
      kept.change(next, { file, fileHash, fileChanged: false })
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
