import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { useToasts } from '../../../../renderer/stores/window/toasts.ts'
import { useUndo } from '../../../../renderer/stores/window/undo.ts'

it('takes back the last step first, and keeps one that could not be taken back', async () => {
  setActivePinia(createPinia())
  const undo = useUndo()
  const taken: string[] = []
  let connected = false
  undo.remember({ title: 'first', undo: () => Promise.resolve(taken.push('first')) })
  undo.remember({
    title: 'second',
    undo: () => (connected ? Promise.resolve(taken.push('second')) : Promise.reject(new Error('no connection'))),
  })
  await undo.undo()
  expect(taken).toEqual([])
  expect(undo.last?.title).toBe('second')
  expect(useToasts().list).toHaveLength(1)
  connected = true
  await undo.undo()
  await undo.undo()
  await undo.undo()
  expect(taken).toEqual(['second', 'first'])
  expect(undo.last).toBeNull()
})
