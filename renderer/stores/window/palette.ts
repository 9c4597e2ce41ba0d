import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Which of the two lists of what can be done is open. */
export const usePalette = defineStore('palette', () => {
  const open = ref(false)
  const sheetOpen = ref(false)
  return { open, sheetOpen }
})
