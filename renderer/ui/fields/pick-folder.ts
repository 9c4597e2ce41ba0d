import { ref } from 'vue'
import type { Ref } from 'vue'
import { client } from '../../client/client.ts'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/window/toasts.ts'

interface FolderPick {
  /** Whether our own dialog is open, a `FolderBrowser`. */
  readonly browsing: Ref<boolean>
  pick(): Promise<void>
}

/** Lets a folder be chosen: in the system's dialog or, where there is none, in our own. `take` gets the chosen one. */
export function useFolderPick(take: (path: string) => unknown): FolderPick {
  const settings = useSettings()
  const toasts = useToasts()
  const browsing = ref(false)
  async function pick(): Promise<void> {
    if (!settings.info?.nativeDialogs) {
      browsing.value = true
      return
    }
    await toasts.guard(async () => {
      const path = await client.app.pickFolder()
      if (path) await take(path)
    })
  }
  return { browsing, pick }
}
