import { nextTick, ref } from 'vue'
import type { ComputedRef, Ref } from 'vue'
import type { VideoRules } from '../../../../main/api/index.ts'
import { useRemembered } from '../../../composables/remembered.ts'
import type { Action } from '../../../stores/window/actions.ts'
import { useSelectionActions } from './selection-actions.ts'
import type { Selection } from './selection.ts'

export interface InspectorParts {
  /** Which page remembers whether its inspector is open. */
  readonly page: 'library' | 'map'
  readonly selection: Selection
  readonly rules: VideoRules
  readonly pane: Readonly<Ref<{ focusTags(): Promise<void> } | null>>
}

export interface Inspector {
  readonly inspecting: Ref<'open' | 'closed'>
  toggle(): void
  /** Whether the alignments of the selected videos are compared. */
  readonly comparing: Ref<boolean>
  readonly actions: ComputedRef<Action[]>
}

/** The pane beside a page that tells of the selected videos, and what can be done with them. */
export function useInspector({ page, selection, rules, pane }: InspectorParts): Inspector {
  const inspecting = useRemembered(`${page}.inspector`, 'open', ['open', 'closed'])
  const comparing = ref(false)
  const toggle = () => {
    inspecting.value = inspecting.value === 'open' ? 'closed' : 'open'
  }
  const actions = useSelectionActions({
    selection,
    rules,
    focusTags: async () => {
      inspecting.value = 'open'
      await nextTick()
      await pane.value?.focusTags()
    },
    toggleInspector: toggle,
    compare: () => {
      comparing.value = true
    },
  })
  return { inspecting, toggle, comparing, actions }
}
