import { shallowRef, watch } from 'vue'
import { useAddressed } from '../../../composables/addressed.ts'
import type { Written } from '../../../composables/addressed.ts'
import type { Cell } from './matrix-layout.ts'

/** Chosen before there was a matrix, a sentence has no row yet. */
export const noRow = -1

/** `3.2`: the third clip and the second sentence; `0.2` for a sentence without a clip. */
export const cellInAddress: Written<Cell> = {
  read: text => {
    const [, row, column] = /^(\d{1,6})\.([1-9]\d{0,5})$/.exec(text) ?? []
    return row === undefined || column === undefined ? null : { row: Number(row) - 1, column: Number(column) - 1 }
  },
  write: ({ row, column }) => `${row + 1}.${column + 1}`,
}

/** The cell of the matrix that is chosen, which is in the address, too. It is known at once, the address follows. */
export function useChosenCell() {
  const address = useAddressed('cell', cellInAddress)
  const cell = shallowRef<Cell | null>(address.value)
  const written = (one: Cell | null) => one && cellInAddress.write(one)
  let own = written(cell.value)
  watch(cell, now => {
    own = written(now)
    address.value = now
  })
  watch(address, now => {
    if (written(now) !== own) cell.value = now
  })
  return cell
}
