import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import type { VideoRules } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { t } from '../../../locale/i18n.ts'
import { useLibrary } from '../../../stores/library.ts'
import type { Action, ActionDescription } from '../../../stores/window/actions.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { useUndo } from '../../../stores/window/undo.ts'
import { useHandedSelection } from './handed-selection.ts'
import type { Selection } from './selection.ts'

/** What is done with the selected videos, and its keys; each title is a word of the library. */
const selectionKeys = {
  open: ['O'],
  attend: [],
  tag: ['T'],
  similar: ['S'],
  sortBySimilarity: [],
  compare: [],
  map: [],
  index: [],
  reread: [],
  makeProxy: [],
  copyPaths: ['C'],
  remove: ['Delete'],
  selectAll: ['Mod+A'],
  clear: ['Escape'],
  inspector: ['I'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type SelectionAction = keyof typeof selectionKeys

/** Those of one video only. */
const ofOne: readonly SelectionAction[] = ['open', 'attend', 'similar', 'sortBySimilarity', 'makeProxy']
/** Those that stand in the menu of a card, in groups. */
export const menuGroups: readonly (readonly SelectionAction[])[] = [
  ['open', 'attend', 'compare'],
  ['similar', 'sortBySimilarity', 'map'],
  ['tag', 'copyPaths'],
  ['index', 'reread', 'makeProxy'],
  ['remove'],
]

/** @param words of the window */
export function selectionActions(words: (word: string) => string): (ActionDescription & { name: SelectionAction })[] {
  return (Object.keys(selectionKeys) as SelectionAction[]).map(name => ({
    name,
    id: `selection.${name}`,
    title: words(`library.actions.${name}`),
    group: 'selection',
    keys: selectionKeys[name],
  }))
}

export interface SelectionActionParts {
  readonly selection: Selection
  readonly rules: VideoRules
  /** Puts the cursor where a tag is typed. */
  readonly focusTags: () => void
  readonly compare: () => void
  readonly toggleInspector: () => void
}

/** What can be done with what is selected just now: the same for keys, menu, palette and inspector. */
export function useSelectionActions({ selection, rules, ...page }: SelectionActionParts): ComputedRef<Action[]> {
  const router = useRouter()
  const [library, toasts, undo, handed] = [useLibrary(), useToasts(), useUndo(), useHandedSelection()]
  const ids = () => [...selection.ids.value]
  const first = () => ids()[0] ?? -1

  const run: Readonly<Record<SelectionAction, () => unknown>> = {
    open: () => router.push({ name: 'alignment', params: { videoId: first() } }),
    attend: () => router.push({ name: 'attention', params: { videoId: first() } }),
    similar: () => router.push({ name: 'search', query: { like: `video.${first()}` } }),
    sortBySimilarity: () => Object.assign(rules, { sort: 'similar', similarTo: first() }),
    compare: page.compare,
    map: () => {
      handed.ids = ids()
      return router.push({ name: 'map' })
    },
    tag: page.focusTags,
    index: () => toasts.guard(() => client.library.index({ videoIds: ids() })),
    reread: () => toasts.guard(() => client.library.reread({ videoIds: ids() })),
    makeProxy: () =>
      toasts.guard(async () => {
        const { name } = await client.library.video({ id: first() })
        await client.library.makeProxy({ id: first() })
        toasts.tell(t('player.proxyStarted', { name }))
      }),
    copyPaths: () =>
      toasts.guard(async () => {
        const { paths } = await client.library.describe({ videoIds: ids() })
        await navigator.clipboard.writeText(paths.join('\n'))
        toasts.tell(t('library.pathsCopied', { count: paths.length }, paths.length))
      }),
    remove: () =>
      toasts.guard(async () => {
        const { paths } = await client.library.removeVideos({ videoIds: ids() })
        selection.clear()
        const title = t('library.removed.done', { count: paths.length }, paths.length)
        undo.remember({ title, undo: () => client.library.putBack({ paths }) })
        toasts.tell(title)
        await library.refresh()
      }),
    selectAll: () => toasts.guard(() => selection.selectAll()),
    clear: () => selection.clear(),
    inspector: page.toggleInspector,
  }

  return computed(() => {
    const count = selection.ids.value.size
    const isPossible = (name: SelectionAction) =>
      name === 'selectAll' ||
      name === 'inspector' ||
      (name === 'compare' ? count >= 2 && count <= mostCompared : count === 1 || (count > 1 && !ofOne.includes(name)))
    return selectionActions(t)
      .filter(({ name }) => isPossible(name))
      .map(({ name, ...action }) => ({ ...action, run: run[name] }))
  })
}

/** More matrices beside one another cannot be read. */
const mostCompared = 4
