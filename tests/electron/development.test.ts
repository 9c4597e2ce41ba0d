import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const out = resolve(import.meta.dirname, '../../out')

/** What `npm run dev` gives way to must not exist in what people run. */
it('the built program knows no server of a developer', () => {
  const files = ['main', 'preload', 'renderer'].flatMap(folder =>
    readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' }).map(name => join(out, folder, name)),
  )
  const texts = files.filter(file => /\.(?:c?js|html)$/.test(file)).map(file => readFileSync(file, 'utf8'))
  expect(texts.length).toBeGreaterThan(10)
  expect(texts.filter(text => /ELECTRON_RENDERER_URL|localhost:5173|@vite\/client/.test(text))).toEqual([])
})
