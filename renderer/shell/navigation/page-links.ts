import { defineStore } from 'pinia'
import { computed, shallowReactive, watch } from 'vue'
import { useRoute } from 'vue-router'
import type { LocationQuery, RouteLocationRaw } from 'vue-router'
import { useCurrentVideo } from '../../stores/current-video.ts'
import { isVideoPage } from '../../ui/videos/video-pages.ts'
import { pages } from './pages.ts'
import type { PageName } from './pages.ts'

/** Where each page goes on: Search and Map as they were left, the pages of one video with the video at hand. */
export const usePageLinks = defineStore('page-links', () => {
  const route = useRoute()
  const video = useCurrentVideo()
  const left = shallowReactive<Record<string, LocationQuery>>({})
  watch(
    () => route.query,
    query => {
      if (route.name === 'search' || route.name === 'map') left[route.name] = query
    },
  )
  const list = computed(() =>
    pages.map((name): { readonly name: PageName; readonly to: RouteLocationRaw } => {
      if (name === 'search' || name === 'map') return { name, to: { name, query: left[name] ?? {} } }
      const ofVideo = isVideoPage(name) && video.id !== null
      return { name, to: ofVideo ? { name, params: { videoId: video.id } } : { name } }
    }),
  )
  return { list }
})
