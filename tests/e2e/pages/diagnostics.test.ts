import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOfFile } from '../../support/folders.ts'
import { thorough } from '../../support/sample.ts'
import { hosts, lfvila } from '../support/product.ts'
import type { Product } from '../support/product.ts'

describe.each(hosts.filter(host => host.missing === null))('diagnostics in $name', host => {
  const folder = folderOfFile('diagnostics')
  const workspace = join(folder, 'workspace')
  let product: Product

  beforeAll(async () => {
    // A workspace that is not new draws no library of its own.
    await lfvila(workspace, 'model', 'list')
    product = await host.open(workspace)
  })
  afterAll(() => product.close())

  thorough('checks the installation, copies a report with and without paths, and shows the log', async () => {
    const { page } = product
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    const findings = page.getByTestId('findings')
    await findings.getByText('The database is whole.').waitFor()
    expect(await findings.getByText(workspace).count()).toBeGreaterThan(0)

    const copied = async () => {
      await page.getByRole('button', { name: 'Copy report' }).click()
      await page.getByText('The report is on the clipboard.').last().waitFor()
      return String(await page.evaluate('navigator.clipboard.readText()'))
    }
    const bare = await copied()
    expect(bare).toContain('[fine] database: The database is whole.')
    expect(bare).not.toContain(folder)
    await page.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('checkbox', { name: 'with paths and titles' }).check()
    expect(await copied()).toContain(`${workspace} can be read and written.`)

    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const last = readFileSync(join(workspace, 'workbench.log'), 'utf8').trimEnd().split('\n').at(-1) ?? '{}'
    await page
      .getByTestId('log')
      .getByText((JSON.parse(last) as { msg: string }).msg)
      .first()
      .waitFor()
  })

  it('tells the same on the command line, and writes the report', async () => {
    const file = join(folder, 'report.txt')
    const { findings, report } = await lfvila<{ findings: { state: string; subject: string }[]; report: string }>(
      workspace,
      'doctor',
      '--no-paths',
      '--report',
      file,
    )
    expect(report).toBe(file)
    expect(findings.filter(({ state }) => state === 'fault')).toEqual([])
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('Folders, files, users and titles were left out.')
    expect(text).not.toContain(workspace)
  })
})
