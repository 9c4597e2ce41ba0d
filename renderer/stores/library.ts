import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Folder, LibrarySummary, RemovedVideo, SavedView, UsedTag } from '../../main/api/index.ts'
import { client } from '../client/client.ts'

/**
 * Folders, totals, tags and saved views. The videos themselves are read page by page where they are shown (see
 * `video-pages.ts`).
 */
export const useLibrary = defineStore('library', () => {
  const folders = shallowRef<Folder[]>([])
  const summary = shallowRef<LibrarySummary | null>(null)
  const tags = shallowRef<UsedTag[]>([])
  const views = shallowRef<SavedView[]>([])
  /** Videos that the user took off the list. */
  const removed = shallowRef<RemovedVideo[]>([])
  /** Grows whenever the library changed, so that whoever shows a part of it reads it again. */
  const revision = ref(0)

  async function refresh() {
    const next = await Promise.all([
      client.library.folders(),
      client.library.summary(),
      client.library.tags(),
      client.library.views(),
      client.library.removed(),
    ])
    ;[folders.value, summary.value, tags.value, views.value, removed.value] = next
    revision.value++
  }

  return { folders, summary, tags, views, removed, revision, refresh }
})
