import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** Selected videos on their way from one page to another, since an address cannot carry thousands of them. */
export const useHandedSelection = defineStore('handed-selection', () => {
  const ids = shallowRef<readonly number[] | null>(null)

  function take(): readonly number[] | null {
    const taken = ids.value
    ids.value = null
    return taken
  }

  return { ids, take }
})
