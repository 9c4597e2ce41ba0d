import { readFile } from 'node:fs/promises'

/**
 * What the table of commands in `docs/command-line.md` promises, as {@link claims} writes it: `index`, `index --dense`,
 * `search --level moment`. The choices of an option stand as `a|b`, with capitals for what is filled in (`last:S,L`).
 */
export async function promisedCommands(): Promise<string[]> {
  const page = await readFile('docs/command-line.md', 'utf8')
  const table = page.slice(page.indexOf('| command | result'))
  const lines = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2)
  const usages = lines.flatMap(line =>
    [...(line.split(/(?<!\\)\|/)[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, usage = '']) =>
      usage.replaceAll('\\|', '|'),
    ),
  )
  return [...new Set(usages.flatMap(claimsOfUsage))]
}

function claimsOfUsage(usage: string): string[] {
  const [name = ''] = /^[a-z][a-z-]*( [a-z][a-z-]*(?= |$))?/.exec(usage) ?? []
  const options = [...usage.matchAll(/(--[a-z-]+)(?: ([a-z0-9-]+(?::[A-Z,]+)?(?:\|[a-z0-9-]+(?::[A-Z,]+)?)+))?/g)]
  return [
    name,
    ...options.flatMap(([, option = '', choices]) => [
      `${name} ${option}`,
      ...(choices?.split('|').map(one => `${name} ${option} ${one.replace(/:.*/, '')}`) ?? []),
    ]),
  ]
}

/** The precisions of the table in `docs/devices.md`. */
export async function promisedPrecisions(): Promise<string[]> {
  const page = await readFile('docs/devices.md', 'utf8')
  const section = page.slice(page.indexOf('\n## Precision'))
  return [...section.matchAll(/^\| `([a-z0-9]+)` \|/gm)].map(([, precision = '']) => precision)
}
