import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Evaluation, EvaluationChoice } from '../../main/api/index.ts'
import { client } from '../client/client.ts'

/** What the form decides; the rest is as usual. */
export type FormChoice = Omit<EvaluationChoice, 'batchSize' | 'timeProbe'>

/** What was measured in this workspace, newest first. */
export const useEvaluations = defineStore('evaluations', () => {
  const list = shallowRef<Evaluation[]>([])
  const loaded = shallowRef(false)
  const byId = computed(() => new Map(list.value.map(evaluation => [evaluation.id, evaluation])))

  async function refresh() {
    list.value = (await client.evaluation.list()).sort((a, b) => b.createdAt - a.createdAt)
    loaded.value = true
  }

  async function start(choice: FormChoice, signal: AbortSignal): Promise<Evaluation> {
    const evaluation = await client.evaluation.start(choice, { signal })
    await refresh()
    return evaluation
  }

  async function startFrom(file: File, signal: AbortSignal): Promise<Evaluation> {
    const evaluation = await client.evaluation.startFrom({ text: await file.text(), name: file.name }, { signal })
    await refresh()
    return evaluation
  }

  async function probeTime(id: string) {
    await client.evaluation.probeTime({ id })
    await refresh()
  }

  async function remove(id: string) {
    await client.evaluation.remove({ id })
    await refresh()
  }

  return { list, loaded, byId, refresh, start, startFrom, probeTime, remove }
})
