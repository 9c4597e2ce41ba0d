import type { TagChange } from '../../../../main/api/index.ts'
import { client } from '../../../client/client.ts'
import { t } from '../../../locale/i18n.ts'
import { useLibrary } from '../../../stores/library.ts'
import { useToasts } from '../../../stores/window/toasts.ts'
import { useUndo } from '../../../stores/window/undo.ts'

/** Gives and takes tags, so that Ctrl+Z takes it back. */
export function useTagging(): (tag: string, videoIds: readonly number[], tagged: boolean) => Promise<boolean> {
  const [library, toasts, undo] = [useLibrary(), useToasts(), useUndo()]

  async function apply(changes: TagChange[]): Promise<TagChange[]> {
    const { changed } = await client.library.tag({ changes })
    await library.refresh()
    return changed
  }

  return (tag, videoIds, tagged) =>
    toasts.guard(async () => {
      const changed = await apply([{ tag, videoIds: [...videoIds], tagged }])
      const [change] = changed
      if (!change) return
      undo.remember({
        title: t(`library.tags.${tagged ? 'given' : 'taken'}`, { tag: change.tag, count: change.videoIds.length }),
        undo: () => apply(changed.map(one => ({ ...one, tagged: !one.tagged }))),
      })
    })
}
