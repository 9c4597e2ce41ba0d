import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Model } from '../../main/api/index.ts'
import { client } from '../client/client.ts'

export const useModels = defineStore('models', () => {
  const list = shallowRef<Model[]>([])
  const loaded = shallowRef(false)
  const inUse = computed(() => list.value.find(model => model.inUse) ?? null)

  async function refresh() {
    list.value = await client.models.list()
    loaded.value = true
  }

  async function use(id: string) {
    await client.models.use({ id })
    await refresh()
  }

  async function remove(id: string) {
    await client.models.remove({ id })
    await refresh()
  }

  return { list, loaded, inUse, refresh, use, remove }
})
