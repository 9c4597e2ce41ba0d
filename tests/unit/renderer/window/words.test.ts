import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { createI18n } from 'vue-i18n'
import { en } from '../../../../renderer/locale/en.ts'

const renderer = join(import.meta.dirname, '../../../../renderer')
const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.(vue|ts)$/.test(name) && !/words\.ts$/.test(name))
  .map(name => readFileSync(join(renderer, name), 'utf8'))

function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'string' ? [before + name] : keysOf(value as object, `${before}${name}.`),
  )
}
const keys = keysOf(en)

/** Keys as they are written, and those made of a beginning and one more name: `training.state.${state}`. */
const literals = new Set(
  sources.flatMap(text => [...text.matchAll(/['"]([a-z][\w.-]*\.[\w.-]+)['"]/gi)].map(one => one[1])),
)
const patterns = [
  ...new Set(sources.flatMap(text => [...text.matchAll(/`([a-z]\w*\.[^`]*\$\{[^`]*)`/gi)].map(one => one[1] ?? ''))),
].map(template => ({
  template,
  pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[\\w-]+')}$`),
}))

it('has no sentence that the window never shows', () => {
  const shown = (key: string) => literals.has(key) || patterns.some(({ pattern }) => pattern.test(key))
  expect(keys.filter(key => !shown(key))).toEqual([])
})

it('has every sentence that the window asks for', () => {
  const asked = sources.flatMap(text => [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(one => one[1] ?? ''))
  expect([...new Set(asked)].filter(key => !keys.includes(key))).toEqual([])
  const inCalls = new Set(sources.flatMap(text => [...text.matchAll(/\bt\(\s*`([^`]+)`/g)].map(one => one[1])))
  const without = patterns.filter(
    ({ template, pattern }) => inCalls.has(template) && !keys.some(key => pattern.test(key)),
  )
  expect(without).toEqual([])
})

it('has no sentence that the window cannot read, as for an @ that is a link there', () => {
  const complaints: unknown[][] = []
  const complain = vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => complaints.push(words))
  const warn = vi.spyOn(console, 'warn').mockImplementation((...words: unknown[]) => complaints.push(words))
  const { t } = createI18n({ legacy: false, locale: 'en', messages: { en } }).global
  for (const key of keys) expect(() => t(key)).not.toThrow()
  complain.mockRestore()
  warn.mockRestore()
  expect(complaints).toEqual([])
  expect(t('hub.nameHint')).toContain('@REVISION')
})
