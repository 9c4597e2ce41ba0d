import { expect, it } from 'vitest'
import { ProgressLine } from '../../../main/hosts/cli/terminal/progress-line.ts'

it('says a fallback once, whoever tells it', () => {
  const said: string[] = []
  const progress = new ProgressLine({ isTTY: false, write: (text: string) => said.push(text) } as never)
  progress.note('Computing on the CPU.')
  progress.note('Rows are left out.')
  progress.note('Computing on the CPU.')
  expect(said).toEqual(['Computing on the CPU.\n', 'Rows are left out.\n'])
})
