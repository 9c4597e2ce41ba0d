import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useToasts } from './toasts.ts'

/** Something that was done and can be taken back; `title` says what, as “Tag 3 videos”. */
export interface Undoable {
  readonly title: string
  undo(): Promise<unknown>
}

const remembered = 50

/** What Ctrl+Z takes back, the last first. */
export const useUndo = defineStore('undo', () => {
  const toasts = useToasts()
  const done = shallowRef<readonly Undoable[]>([])
  const last = computed(() => done.value.at(-1) ?? null)

  function remember(step: Undoable) {
    done.value = [...done.value, step].slice(-remembered)
  }

  async function undo() {
    const step = last.value
    if (!step) return
    done.value = done.value.slice(0, -1)
    // What could not be taken back can be tried again.
    if (!(await toasts.guard(() => step.undo()))) remember(step)
  }

  return { last, remember, undo }
})
