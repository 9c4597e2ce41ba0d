import { computed, ref, shallowRef, watch } from 'vue'
import { textInAddress, useAddressed } from '../../../composables/addressed.ts'
import { idRanges, idsOfRanges } from './id-ranges.ts'

/** How a click or a key picks: a modifier adds one to what is selected, or everything up to it. */
export interface Pick {
  readonly toggle?: boolean
  readonly range?: boolean
}

/** What of a list the selection needs: the video at a place, and all of them in their order. */
export interface SelectableList {
  idAt(index: number): number | undefined
  ids(): Promise<number[]>
  /** Selected at first, whatever the address says. */
  readonly given?: readonly number[] | null
}

/** The selected videos of the list, which are in the address unless they would make it too long. */
export function useSelection(list: SelectableList) {
  const address = useAddressed('selected', textInAddress)
  const ids = shallowRef<ReadonlySet<number>>(idsOfRanges(address.value))
  /** Where a range begins. */
  const anchor = ref(0)
  let written = address.value

  watch(address, text => {
    if (text === written) return
    written = text
    ids.value = idsOfRanges(text)
  })

  function set(next: Iterable<number>) {
    ids.value = new Set(next)
    written = ids.value.size > 0 ? idRanges(ids.value) : null
    address.value = written
  }

  if (list.given) set(list.given)

  async function pick(index: number, { toggle = false, range = false }: Pick = {}) {
    const id = list.idAt(index)
    if (range) {
      const [first, last] = [Math.min(anchor.value, index), Math.max(anchor.value, index)]
      const between = await idsBetween(first, last)
      set(toggle ? [...ids.value, ...between] : between)
      return
    }
    anchor.value = index
    if (id === undefined) return
    if (!toggle) set([id])
    else set(ids.value.has(id) ? [...ids.value].filter(one => one !== id) : [...ids.value, id])
  }

  /** Of what is not loaded the library is asked. */
  async function idsBetween(first: number, last: number): Promise<number[]> {
    const loaded = Array.from({ length: last - first + 1 }, (_, place) => list.idAt(first + place))
    if (loaded.every(id => id !== undefined)) return loaded
    return (await list.ids()).slice(first, last + 1)
  }

  return {
    ids,
    list: computed(() => [...ids.value]),
    pick,
    set,
    clear: () => set([]),
    selectAll: async () => set(await list.ids()),
  }
}
export type Selection = ReturnType<typeof useSelection>
