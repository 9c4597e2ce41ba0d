import { useRouter } from 'vue-router'
import type { Video } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'
import { t } from '../../locale/i18n.ts'
import { useToasts } from '../../stores/window/toasts.ts'

/** What one can do with a video wherever it is shown. */
export function useVideoActions() {
  const router = useRouter()
  const toasts = useToasts()

  return {
    align: (video: Video) => router.push({ name: 'alignment', params: { videoId: video.id } }),
    attend: (video: Video) => router.push({ name: 'attention', params: { videoId: video.id } }),
    index: (video: Video) => toasts.guard(() => client.library.index({ videoIds: [video.id] })),
    makeProxy: (video: Video) =>
      toasts.guard(async () => {
        await client.library.makeProxy({ id: video.id })
        toasts.tell(t('player.proxyStarted', { name: video.name }))
      }),
  }
}
