import { computed, effectScope, onScopeDispose, reactive, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Tier, VideoDetail } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { placeInAddress, textInAddress, useAddressedAtOnce } from '../../../composables/addressed.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { useUndo } from '../../../stores/window/undo.ts'
import type { Undoable } from '../../../stores/window/undo.ts'
import { useKeptSpans } from './use-kept-spans.ts'
import type { Kept } from './use-kept-spans.ts'

interface TierDraft extends Kept {
  readonly id: number
  readonly name: string
}

/** The tiers of the video at hand, and which of them is worked on. */
export function useTiers(video: () => VideoDetail | null) {
  const { t } = useI18n()
  const [toasts, undo] = [useToasts(), useUndo()]
  const list = shallowRef<readonly TierState[]>([])
  const shownOf = shallowRef<number | null>(null)
  const name = useAddressedAtOnce('tier', textInAddress)
  /** The span that is chosen on the tier. */
  const span = useAddressedAtOnce('span', placeInAddress)
  /** Null where the captions are worked on. */
  const chosen = computed(() => list.value.find(tier => tier.current.name === name.value) ?? null)
  /** The last removal, until something else is done on the timeline. */
  const removal = shallowRef<Undoable | null>(null)

  async function load() {
    const id = video()?.id
    if (id === undefined) return
    const found = await client.tiers.list({ videoId: id })
    if (video()?.id !== id) return
    if (shownOf.value !== id) release(list.value)
    const known = shownOf.value === id ? list.value : []
    release(known.filter(tier => !found.some(one => one.id === tier.current.id)))
    list.value = found.map(tier => {
      const state = known.find(({ current }) => current.id === tier.id)
      state?.refresh(draftOf(tier))
      return state ?? stateOf(tier, id)
    })
    shownOf.value = id
  }

  function choose(tier: string | null) {
    if (tier === (chosen.value?.current.name ?? null)) return
    name.value = tier
    span.value = null
  }

  /** @throws ExpectedError of the workbench, for the dialog that asked. */
  async function add(wanted: string) {
    const id = video()?.id
    if (id === undefined) return
    const tier = await client.tiers.add({ videoId: id, name: wanted })
    await load()
    choose(tier.name)
  }

  async function rename(wanted: string) {
    const tier = chosen.value
    if (!tier || !wanted.trim() || wanted.trim() === tier.current.name) return
    await toasts.guard(async () => {
      const renamed = await client.tiers.rename({ id: tier.current.id, name: wanted })
      const isChosen = tier === chosen.value
      tier.refresh(draftOf(renamed))
      if (isChosen) name.value = renamed.name
    })
  }

  async function remove() {
    const [tier, id] = [chosen.value, video()?.id]
    if (!tier || id === undefined) return
    await toasts.guard(async () => {
      await tier.send()
      const { name: removed, spans, done, undone } = await client.tiers.remove({ id: tier.current.id })
      choose(null)
      const step: Undoable = {
        title: t('tiers.removed', { name: removed }),
        undo: async () => {
          await client.tiers.add({ videoId: id, name: removed, content: { spans, done, undone } })
          await load()
          if (video()?.id === id) choose(removed)
        },
      }
      undo.remember(step)
      removal.value = undo.last
      await load()
    })
  }

  /** Goes from row to row, the captions first. */
  function step(by: 1 | -1) {
    const names = [null, ...list.value.map(({ current }) => current.name)]
    const next = names[names.indexOf(chosen.value?.current.name ?? null) + by]
    if (next !== undefined) choose(next)
  }

  /** Something else was done than to remove a tier: that is not what is undone next. */
  function forgetRemoval() {
    removal.value = null
  }

  watch(
    // The detail comes anew whenever the library changes, as by another window that has made a tier.
    () => video(),
    detail => {
      if (detail?.id !== shownOf.value) {
        release(list.value)
        list.value = []
        shownOf.value = null
        removal.value = null
      }
      if (detail) void toasts.guard(load)
    },
    { immediate: true },
  )

  onScopeDispose(() => release(list.value))
  return reactive({ list, chosen, span, removal, choose, step, add, rename, remove, load, forgetRemoval })
}

export type Tiers = ReturnType<typeof useTiers>

type TierState = ReturnType<typeof stateOf>

function stateOf(tier: Tier, videoId: number) {
  const scope = effectScope()
  const kept = scope.run(() =>
    useKeptSpans<TierDraft>({
      keep: ({ id, revision, sentences, done, undone }) =>
        client.tiers.keep({ id, revision, spans: [...sentences], done: [...done], undone: [...undone] }),
      async again(edited) {
        const { id } = edited
        const found = (await client.tiers.list({ videoId })).find(one => one.id === id)
        // One that was removed meanwhile goes with the next list.
        return found ? draftOf(found) : edited
      },
      elsewhere: ['tiers-elsewhere', 'tier-unknown'],
      isSame: () => true,
    }),
  )!
  kept.take(draftOf(tier))
  const { problem, keeping, send, edit, back } = kept
  /** As the workspace has it now, if nothing newer is known here. */
  function refresh(found: TierDraft) {
    const now = kept.draft.value
    if (!now || (!kept.isPending() && found.revision >= now.revision)) kept.take(found)
    else kept.draft.value = { ...now, name: found.name }
  }
  async function end() {
    await send()
    if (!kept.isPending()) scope.stop()
  }
  return reactive({ current: computed(() => kept.draft.value!), problem, keeping, send, edit, back, refresh, end })
}

/** What is on its way still arrives. */
function release(tiers: readonly TierState[]): void {
  for (const tier of tiers) void tier.end()
}

function draftOf({ id, name, revision, spans, done, undone }: Tier): TierDraft {
  return { id, name, revision, sentences: spans, done, undone }
}
