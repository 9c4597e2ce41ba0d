import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Grows whenever a map has been computed, so that whoever shows one reads it again. */
export const useMapChanges = defineStore('map-changes', () => {
  const revision = ref(0)
  return { revision, tell: () => void revision.value++ }
})
