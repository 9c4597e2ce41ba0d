import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { restoreWindowState } from '../../../main/hosts/electron/window/window-state.ts'
import { folderOfFile } from '../../support/folders.ts'

const folder = folderOfFile('window')
const path = join(folder, 'window.json')

const main = { x: 0, y: 25, width: 1920, height: 1055 }
const left = { x: -1280, y: 0, width: 1280, height: 1024 }
const restore = (content: string, areas = [main, left]) => {
  writeFileSync(path, content)
  return restoreWindowState(path, areas)
}
const saved = (changes: object) =>
  JSON.stringify({ x: 100, y: 100, width: 1200, height: 800, maximised: false, ...changes })
const centred = { x: 240, y: 103, width: 1440, height: 900, maximised: false }

it('restores a window where it was, also on a display to the left', () => {
  expect(restore(saved({}))).toEqual({ x: 100, y: 100, width: 1200, height: 800, maximised: false })
  expect(restore(saved({ x: -1200, maximised: true }))).toEqual({
    x: -1200,
    y: 100,
    width: 1200,
    height: 800,
    maximised: true,
  })
})

it('centres a window whose display is gone, or of which only an edge would show', () => {
  expect(restore(saved({ x: -1200 }), [main])).toEqual(centred)
  expect(restore(saved({ x: 1900 }), [main])).toEqual(centred)
  expect(restore(saved({ y: 5000 }))).toEqual(centred)
})

it('makes a window fit its display', () => {
  expect(restore(saved({ x: 0, y: 25, width: 5000, height: 4000 }), [main])).toMatchObject({
    width: 1920,
    height: 1055,
  })
  expect(restore(saved({ width: 10, height: 200, x: 300 }), [main])).toEqual(centred)
  expect(restoreWindowState(join(folder, 'none.json'), [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({
    x: 0,
    y: 0,
    width: 1024,
    height: 700,
    maximised: false,
  })
})

it.each(['', '{', '[]', '{"x":"a"}', saved({ width: null }), saved({ x: 1e400 })])(
  'takes a damaged file for none: %s',
  content => {
    expect(restore(content)).toEqual(centred)
  },
)
