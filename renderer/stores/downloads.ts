import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Download, FileRole } from '../../main/api/index.ts'
import { client } from '../client/client.ts'
import { useJobs } from './jobs.ts'

/** Models of Hugging Face, which an import takes as they are. */
const isOfHub = (id: string): boolean => id.startsWith('hf:')

export const useDownloads = defineStore('downloads', () => {
  const jobs = useJobs()
  const list = shallowRef<Download[]>([])
  /** Bytes free where downloads go. */
  const free = shallowRef<number | null>(null)
  const loaded = shallowRef(false)
  /** Changes when a download begins or ends: the time to read the list again. */
  const pulse = computed(() =>
    jobs.list
      .filter(job => job.kind === 'download')
      .map(job => `${job.id} ${job.state}`)
      .join(),
  )

  async function refresh() {
    const answer = await client.downloads.list()
    list.value = answer.downloads
    free.value = answer.free
    loaded.value = true
  }

  async function start(id: string) {
    await client.downloads.start({ id })
    await refresh()
  }

  async function measure(id: string) {
    const measured = await client.downloads.measure({ id })
    list.value = list.value.map(one => (one.id === id ? measured : one))
  }

  async function remove(id: string) {
    await client.downloads.remove({ id })
    await refresh()
  }

  const publications = computed(() => list.value.filter(({ id }) => !isOfHub(id)))
  const ofHub = computed(() => list.value.filter(({ id }) => isOfHub(id)))

  /** Paths of the published files here that play a part in an import. */
  function pathsOf(role: FileRole): string[] {
    return publications.value.flatMap(one =>
      one.files.filter(file => file.complete && file.role === role).map(file => file.path),
    )
  }

  return { list, publications, ofHub, free, loaded, pulse, refresh, start, measure, remove, pathsOf }
})
