import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Folder, LibrarySummary } from '../../main/api/index.ts'
import { client } from '../client/client.ts'

/** Folders and totals. The videos themselves are read page by page where they are shown (see `video-pages.ts`). */
export const useLibrary = defineStore('library', () => {
  const folders = shallowRef<Folder[]>([])
  const summary = shallowRef<LibrarySummary | null>(null)
  /** Grows whenever the library changed, so that whoever shows a part of it reads it again. */
  const revision = ref(0)

  async function refresh() {
    const [nextFolders, nextSummary] = await Promise.all([client.library.folders(), client.library.summary()])
    folders.value = nextFolders
    summary.value = nextSummary
    revision.value++
  }

  return { folders, summary, revision, refresh }
})
