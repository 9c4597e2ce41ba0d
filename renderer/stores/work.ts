import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Work } from '../../main/api/index.ts'

/** How far requests are that are no jobs, by what they ask for; whoever asked shows it while it waits. */
export const useWork = defineStore('work', () => {
  const byKey = shallowRef<ReadonlyMap<string, Work>>(new Map())

  function apply(work: Work) {
    byKey.value = new Map([...byKey.value, [work.key, work]])
  }

  /** What an earlier request of the same name has told is not true of the next. */
  function forget(key: string) {
    byKey.value = new Map([...byKey.value].filter(([known]) => known !== key))
  }

  return { byKey, apply, forget }
})
