import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { client } from '../../client/client.ts'
import { useRemembered } from '../../composables/remembered.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLibrary } from '../../stores/library.ts'
import { useToasts } from '../../stores/window/toasts.ts'
import { placeOf, tourSteps } from './steps.ts'
import type { TourExample } from './steps.ts'

/** Videos among which one with a paragraph is looked for. */
const looked = 50

/** A short way through the pages: by itself where a demo library was made, once; later from the navigation. */
export const useTour = defineStore('tour', () => {
  const [router, jobs, library, toasts] = [useRouter(), useJobs(), useLibrary(), useToasts()]
  const shown = useRemembered('tour', 'no', ['no', 'yes'])
  /** Which stop it is at; null while it is not shown. */
  const position = ref<number | null>(null)
  const example = shallowRef<TourExample | null>(null)
  const step = computed(() => (position.value === null ? null : (tourSteps[position.value] ?? null)))

  watch(
    () => jobs.list.some(({ kind }) => kind === 'demo'),
    hasDemo => {
      if (hasDemo && shown.value === 'no') void startUnasked()
    },
    { immediate: true },
  )
  watch(
    () => [step.value !== null, library.revision],
    () => {
      if (step.value !== null && !example.value) void find()
    },
  )

  /** Whoever has gone to another page by then is not taken away from it. */
  async function startUnasked() {
    await router.isReady()
    if (router.currentRoute.value.name === tourSteps[0]) await start()
  }

  async function start() {
    example.value = null
    await goTo(0)
  }

  async function goTo(next: number) {
    const step = tourSteps[next]
    if (!step) return end()
    shown.value = 'yes'
    position.value = next
    await router.push(placeOf(step, example.value))
  }

  function end() {
    shown.value = 'yes'
    position.value = null
  }

  /** The first indexed video that has a paragraph beside it. */
  async function find() {
    await toasts.guard(async () => {
      const { videos } = await client.library.videos({ state: 'indexed', limit: looked })
      const told = videos.find(({ sentences }) => sentences > 1)
      if (!told) return
      const { captions } = await client.library.video({ id: told.id })
      example.value = { videoId: told.id, paragraph: captions.map(({ text }) => text).join(' ') }
    })
  }

  return { position, step, example, start, goTo, end }
})
