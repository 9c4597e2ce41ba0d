import { computed, shallowRef } from 'vue'
import { useRequest } from './request.ts'

/** Entries that are asked for at once. */
const atOnce = 50

interface Part<Entry> {
  /** Of the whole list. */
  readonly total: number
  readonly entries: readonly Entry[]
}

/** A long list that is read part by part: from its beginning, and then on whenever more is wanted. */
export function useGrowingList<Entry>(
  ask: (signal: AbortSignal, place: { readonly offset: number; readonly limit: number }) => Promise<Part<Entry>>,
) {
  const shown = shallowRef<readonly Entry[]>([])
  const asking = useRequest((signal, offset: number) => ask(signal, { offset, limit: atOnce }))
  /** Null where nothing was read. */
  const total = computed(() => asking.result.value?.total ?? null)
  const hasMore = computed(() => total.value !== null && shown.value.length < total.value)

  async function read(known: readonly Entry[]): Promise<void> {
    const part = await asking.run(known.length)
    if (part) shown.value = [...known, ...part.entries]
  }

  return {
    shown,
    total,
    hasMore,
    problem: asking.problem,
    pending: asking.pending,
    begin: () => read([]),
    more: () => read(shown.value),
  }
}
