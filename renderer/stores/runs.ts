import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Run, RunConfig } from '../../main/api/index.ts'
import { client } from '../client/client.ts'

/** The fine-tuning runs of the workspace, newest first. */
export const useRuns = defineStore('runs', () => {
  const list = shallowRef<Run[]>([])
  const loaded = shallowRef(false)
  const byId = computed(() => new Map(list.value.map(run => [run.id, run])))

  async function refresh() {
    list.value = (await client.training.list()).sort((a, b) => b.createdAt - a.createdAt)
    loaded.value = true
  }

  async function start(config: RunConfig, signal: AbortSignal): Promise<Run> {
    const run = await client.training.start(config, { signal })
    await refresh()
    return run
  }

  async function act(id: string, action: 'pause' | 'resume' | 'cancel' | 'remove') {
    await client.training[action]({ id })
    await refresh()
  }

  async function rename(id: string, name: string) {
    await client.training.rename({ id, name })
    await refresh()
  }

  return { list, loaded, byId, refresh, start, act, rename }
})
