import { expect, it } from 'vitest'
import { openTextFile } from '../../../../main/training/data/files/text-file.ts'
import { labelledFolder } from './labelled-folder.ts'

const { at, write } = labelledFolder()

it('stops with the reason when it was given up before a file is read again', async () => {
  await write({ 'a.json': '{}' })
  const controller = new AbortController()
  const text = await openTextFile(at('a.json'), controller.signal)
  controller.abort()
  // An error of the stream that nobody hears would fail the test, as it ends a server.
  await expect(text.chunks().next()).rejects.toBe(controller.signal.reason)
  await new Promise(resolve => setTimeout(resolve, 20))
})
