import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCurrentVideo } from '../../stores/current-video.ts'
import type { VideoPage } from './video-pages.ts'

/** The video of the address (`/alignment/12`); an address without one goes on with the video looked at last. */
export function useRoutedVideo(page: VideoPage) {
  const route = useRoute()
  const router = useRouter()
  const video = useCurrentVideo()

  watch(
    () => [route.name, route.params.videoId] as const,
    ([name, id]) => {
      if (name !== page) return
      if (typeof id === 'string' && id) void video.choose(Number(id))
      else if (video.id !== null) void router.replace({ name: page, params: { videoId: video.id } })
    },
    { immediate: true },
  )
  return video
}
