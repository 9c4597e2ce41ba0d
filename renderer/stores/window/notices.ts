import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Notice } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'

/**
 * Conditions that last (a fallback, an untrained model). Dismissing hides one until its text changes or the window is
 * opened again.
 */
export const useNotices = defineStore('notices', () => {
  const all = shallowRef<Notice[]>([])
  const dismissed = ref(new Set<string>())
  const visible = computed(() => all.value.filter(notice => !dismissed.value.has(keyOf(notice))))

  function apply(notices: Notice[]) {
    all.value = notices
  }

  async function refresh() {
    apply(await client.app.notices())
  }

  function dismiss(notice: Notice) {
    dismissed.value.add(keyOf(notice))
  }

  return { all, visible, apply, refresh, dismiss }
})

function keyOf(notice: Notice): string {
  return `${notice.id}\n${notice.text}`
}
