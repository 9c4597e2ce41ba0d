import { readFile } from 'node:fs/promises'

/**
 * What the README's table of commands promises, as {@link claims} writes it: `index`, `index --dense`, `search --level moment`.
 * The choices of an option stand as `a|b`, with capitals for what is filled in (`last:S,L`).
 */
export async function promisedCommands(): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8')
  const table = readme.slice(readme.indexOf('| command | result'))
  const lines = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2)
  const usages = lines.flatMap(line =>
    [...(line.split(/(?<!\\)\|/)[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, usage = '']) =>
      usage.replaceAll('\\|', '|'),
    ),
  )
  return [...new Set(usages.flatMap(claimsOfUsage))]
}

function claimsOfUsage(usage: string): string[] {
  const [name = ''] = /^[a-z]+( [a-z][a-z-]*(?= |$))?/.exec(usage) ?? []
  const options = [...usage.matchAll(/(--[a-z-]+)(?: ([a-z0-9]+(?::[A-Z,]+)?(?:\|[a-z0-9]+(?::[A-Z,]+)?)+))?/g)]
  return [
    name,
    ...options.flatMap(([, option = '', choices]) => [
      `${name} ${option}`,
      ...(choices?.split('|').map(one => `${name} ${option} ${one.replace(/:.*/, '')}`) ?? []),
    ]),
  ]
}

/** The precisions of the README's table, and of it what each claims. */
export async function promisedPrecisions(): Promise<string[]> {
  const readme = await readFile('README.md', 'utf8')
  const section = readme.slice(readme.indexOf('\n## Precision'), readme.indexOf('\n## Bringing'))
  return [...section.matchAll(/^\| `([a-z0-9]+)` \|/gm)].map(([, precision = '']) => precision)
}
