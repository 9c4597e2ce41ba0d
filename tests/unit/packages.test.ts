import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Lockfile {
  packages: Record<
    string,
    { version?: string; engines?: { node?: string }; resolved?: string; hasInstallScript?: boolean }
  >
}
const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as unknown
const { packages } = read('package-lock.json') as Lockfile
const manifest = read('package.json') as { engines: { node: string }; allowScripts: Record<string, boolean> }

/** Packages that ask for a newer Node than they need, each with the reason why it stays. */
const reasons: Record<string, string> = {
  'node_modules/electron': 'Every Electron that still gets security fixes asks for it; its installer runs on 20.19.',
  'node_modules/@electron/get': 'Part of Electron’s installer.',
  'node_modules/@electron-internal/extract-zip': 'Part of Electron’s installer.',
  'node_modules/@lancedb/lancedb': 'Older ones cannot rank several vectors in one search; its binary asks for Node 18.',
}

/** Whether a range of npm holds a version: alternatives (`||`) of `^`, `>=` or bare lower bounds joined by spaces. */
function holds(range: string, version: number[]): boolean {
  const compare = (bound: number[]) =>
    version.map((part, index) => part - (bound[index] ?? 0)).find(difference => difference !== 0) ?? 0
  return range.split('||').some(alternative =>
    [...alternative.matchAll(/(\^|>=|<|~|)\s*v?(\d+(?:\.\d+)*)/g)].every(([, sign, text]) => {
      const bound = (text ?? '').split('.').map(Number)
      if (sign === '<') return compare(bound) < 0
      return compare(bound) >= 0 && (sign === '>=' || version[0] === bound[0])
    }),
  )
}

it('asks of nobody a newer Node than the README names, but where a reason is given', () => {
  const oldest = /(\d+)\.(\d+)/.exec(manifest.engines.node)?.slice(1).map(Number) ?? []
  expect(oldest).toEqual([20, 19])
  expect(holds('>=22', [20, 19, 0])).toBe(false)
  expect(holds('^18.18.0 || ^20.9.0 || >=21.1.0', [20, 19, 0])).toBe(true)
  const asking = Object.entries(packages)
    .filter(([path, { engines }]) => path !== '' && engines?.node && !holds(engines.node, [...oldest, 0]))
    .map(([path]) => path)
  expect(asking.sort()).toEqual(Object.keys(reasons).sort())
})

it('decides on every install script, and names no registry in the lockfile', () => {
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/.*node_modules\//, ''))
  expect(scripted.filter(name => !(name in manifest.allowScripts))).toEqual([])
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})

it('names as author whom the licence names', () => {
  const licence = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8')
  const { author } = read('package.json') as { author: string }
  expect(/^Copyright \(c\) \d+ (.+)$/m.exec(licence)?.[1]).toBe(author)
})
