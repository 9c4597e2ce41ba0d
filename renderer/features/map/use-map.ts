import { computed, ref, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { MapSubject } from '../../../main/api/index.ts'
import { client } from '../../client/client.ts'
import { useRequest } from '../../composables/request.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLibrary } from '../../stores/library.ts'
import { useMapChanges } from '../../stores/map-changes.ts'
import { useModels } from '../../stores/models.ts'
import { useToasts } from '../../stores/window/toasts.ts'
import { floats, unpackMap } from './points/map-points.ts'
import type { MapPoints } from './points/map-points.ts'

/** The map of the model in use, kept up to date, computed when there is none, and the scores of a text on it. */
export function useMap(subject: Ref<MapSubject>, text: Ref<string | null>) {
  const [jobs, library, models, changes, toasts] = [useJobs(), useLibrary(), useModels(), useMapChanges(), useToasts()]
  const answer = useRequest((signal, which: MapSubject) => client.map.get({ subject: which }, { signal }))
  const map = shallowRef<MapPoints | null>(null)
  const job = computed(() => jobs.active.find(({ kind }) => kind === 'map') ?? null)
  /** Why the last one failed, while none is at work. */
  const failure = computed(() => (job.value ? null : (jobs.list.find(({ kind }) => kind === 'map')?.problem ?? null)))
  const isIndexing = computed(() => jobs.active.some(({ kind }) => kind === 'index' || kind === 'scan'))
  /** A map that was cancelled must not begin again by itself. */
  const begun = ref('')

  async function start(anew = false) {
    await toasts.guard(async () => {
      await client.map.start({ subject: subject.value, anew })
      await jobs.refresh()
    })
  }

  async function load() {
    const found = await answer.run(subject.value)
    if (!found) return
    map.value = found.map && unpackMap(found.map)
    const name = `${found.model} ${subject.value}`
    if (found.map || found.indexed === 0 || isIndexing.value || job.value || begun.value === name) return
    begun.value = name
    await start()
  }

  watch(subject, () => {
    map.value = null
  })
  // While videos are indexed the library changes many times a second: the map is read again when that is over.
  watch(
    [
      subject,
      () => changes.revision,
      // A job of another process ends without a word.
      () => job.value?.id,
      () => models.inUse?.id,
      () => (isIndexing.value ? -1 : library.revision),
    ],
    () => void load(),
    { immediate: true },
  )

  const scored = useRequest(async (signal, which: MapSubject, asked: string) => {
    const found = await client.map.scores({ subject: which, text: asked }, { signal })
    return { ...found, scores: floats(found.scores) }
  })
  watch(
    [text, () => map.value?.id] as const,
    ([asked, id]) => (asked && id ? void scored.run(subject.value, asked) : scored.reset()),
    { immediate: true },
  )
  /** Of another map they would stand beside the wrong points. */
  const scores = computed(() =>
    scored.result.value?.map === map.value?.id ? (scored.result.value?.scores ?? null) : null,
  )

  return { answer, map, job, failure, isIndexing, start, scored, scores }
}
