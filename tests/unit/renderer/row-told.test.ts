import { expect, it } from 'vitest'
import { rangeTold, textTold } from '../../../renderer/features/dataset/row-told.ts'

it('tells the times of a row as its annotation has them, and answers apart', () => {
  expect(rangeTold(2, 75)).toBe('0:02–1:15')
  expect(rangeTold(4.2, 4.9)).toBe('0:04.20–0:04.90')
  expect(textTold(['It opens.', 'It closes.'], 'retrieval')).toBe('It opens. It closes.')
  expect(textTold(['which colour', 'red', 'dark blue'], 'qa-multichoice')).toBe('which colour | red | dark blue')
})
