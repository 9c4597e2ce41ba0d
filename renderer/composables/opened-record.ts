import { computed, watch } from 'vue'
import type { ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

interface Records<Value> {
  readonly byId: ReadonlyMap<string, Value>
  readonly loaded: boolean
}

/**
 * The record that an address opens, `/page/id`; one that is not there, because it was removed, leads to the page.
 * @param param the address's name for the id.
 */
export function useOpenedRecord<Value>(
  page: string,
  param: string,
  records: Records<Value>,
): { readonly id: ComputedRef<string | null>; readonly record: ComputedRef<Value | null> } {
  const route = useRoute()
  const router = useRouter()
  const id = computed(() => {
    const value = route.params[param]
    return typeof value === 'string' && value ? value : null
  })
  const record = computed(() => (id.value === null ? null : (records.byId.get(id.value) ?? null)))
  watch([id, record, () => records.loaded], ([asked, found, loaded]) => {
    if (route.name === page && loaded && asked !== null && found === null) void router.replace({ name: page })
  })
  return { id, record }
}
