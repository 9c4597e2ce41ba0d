import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Device, EngineStatus } from '../../main/api/index.ts'
import { client } from '../client/client.ts'

export const useEngine = defineStore('engine', () => {
  const status = shallowRef<EngineStatus | null>(null)
  /** Null until probed: the first probe starts child processes and takes seconds. */
  const devices = shallowRef<Device[] | null>(null)

  async function refresh() {
    status.value = await client.engine.status()
  }

  /** The result of an earlier trial on this machine, unless `again`. */
  async function probe(again = false) {
    devices.value = await client.engine.devices({ again })
  }

  return { status, devices, refresh, probe }
})
