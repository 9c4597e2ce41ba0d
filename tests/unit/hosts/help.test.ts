import { expect, it } from 'vitest'
import { usage } from '../../../main/hosts/cli/command-line.ts'
import { commands } from '../../../main/hosts/cli/commands/commands.ts'

it.each([null, ...commands])('the help of $name fits a terminal of 100 columns and keeps every word', command => {
  const lines = usage(command).split('\n')
  const [, , summary, ...rows] = lines
  expect(
    rows.filter(line => line.length > 100),
    summary,
  ).toEqual([])
  const words = lines.join(' ').replaceAll(/[ |]+/g, ' ')
  for (const [name, meaning] of command?.help ?? []) {
    expect(words).toContain(name.replaceAll(/[ |]+/g, ' '))
    expect(words).toContain(meaning.replaceAll(/[ |]+/g, ' '))
  }
})
