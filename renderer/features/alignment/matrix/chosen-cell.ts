import { useAddressedAtOnce } from '../../../composables/addressed.ts'
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

/** The cell of the matrix that is chosen, which is in the address, too. */
export function useChosenCell() {
  return useAddressedAtOnce('cell', cellInAddress)
}
