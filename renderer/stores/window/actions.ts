import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowReactive, shallowRef, toValue } from 'vue'
import type { MaybeRefOrGetter } from 'vue'

/** The order in which they are listed. */
export const actionGroups = ['go', 'selection', 'library', 'video', 'captions', 'model', 'view', 'help'] as const
export type ActionGroup = (typeof actionGroups)[number]

/** How something that can be done is listed. */
export interface ActionDescription {
  /** Stays the same from version to version: a changed key is remembered by it. */
  readonly id: string
  readonly title: string
  readonly group: ActionGroup
  /** By default; a binding is one stroke or several, one after another: `Mod+K`, `G L`. */
  readonly keys?: readonly string[]
  /** Whether its key works while one types into a field, too. */
  readonly whileTyping?: boolean
  /** Too many of a kind to stand in the list of keys, as one for each model. */
  readonly unlisted?: boolean
}

/** Something the user can have done from everywhere: by a key, in the palette, in the menu. */
export interface Action extends ActionDescription {
  run(): unknown
}

const rememberedKeys = 'workbench.keys'

/** What can be done just now, and by which keys. Pages add what they can do while they are shown. */
export const useActions = defineStore('actions', () => {
  const sources = shallowReactive(new Set<MaybeRefOrGetter<readonly Action[]>>())
  const list = computed(() => [...sources].flatMap(source => [...toValue(source)]))
  /** What pages can do while they are shown: their keys are listed and changed from elsewhere, too. */
  const elsewhere = shallowRef<readonly ActionDescription[]>([])
  const all = computed((): readonly ActionDescription[] => {
    const here = new Set(list.value.map(({ id }) => id))
    return [...list.value, ...elsewhere.value.filter(({ id }) => !here.has(id))]
  })
  /** The user's own keys, by action; an empty string takes an action's keys away. */
  const changed = ref(read())

  function keysOf(action: ActionDescription): readonly string[] {
    const own = changed.value[action.id]
    return own === undefined ? (action.keys ?? []) : own === '' ? [] : [own]
  }

  const byKey = computed(() => {
    const found = new Map<string, Action>()
    // A page's own action goes before one of the whole window.
    for (const action of list.value) for (const key of keysOf(action)) found.set(key, action)
    return found
  })

  /** @param key null for the default again. @returns the action that had the key until now and has none any more. */
  function changeKey(action: ActionDescription, key: string | null): ActionDescription | null {
    const next = { ...changed.value }
    const loser = key ? all.value.find(one => one.id !== action.id && keysOf(one).includes(key)) : undefined
    if (loser) next[loser.id] = ''
    if (key === null) delete next[action.id]
    else next[action.id] = key
    changed.value = next
    localStorage.setItem(rememberedKeys, JSON.stringify(next))
    return loser ?? null
  }

  function add(source: MaybeRefOrGetter<readonly Action[]>): () => void {
    sources.add(source)
    return () => sources.delete(source)
  }

  return { list, all, elsewhere, byKey, changed, keysOf, changeKey, add }
})

/** Offers actions as long as the component is shown. */
export function provideActions(source: MaybeRefOrGetter<readonly Action[]>): void {
  onScopeDispose(useActions().add(source))
}

function read(): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(rememberedKeys) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    return Object.fromEntries(Object.entries(stored).filter(([, key]) => typeof key === 'string'))
  } catch {
    return {}
  }
}
