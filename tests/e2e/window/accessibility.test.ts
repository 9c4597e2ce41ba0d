import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { themes } from '../../../main/api/common/rules.ts'
import { folderOfFile } from '../../support/folders.ts'
import { sample } from '../../support/sample.ts'
import { EveryPage, pageNames, short } from '../support/every-page.ts'
import type { PageName } from '../support/every-page.ts'
import { hosts } from '../support/product.ts'
import type { Product } from '../support/product.ts'

/** What axe finds on a page: the rule, and where it is broken. */
interface Finding {
  rule: string
  impact: string
  where: string
  why: string
}

describe.each(hosts.filter(host => host.missing === null))('every page in $name', host => {
  const scratch = folderOfFile('accessibility')
  const window = new EveryPage(join(scratch, 'workspace'), join(scratch, 'stories'))
  let product: Product | null = null

  beforeAll(() => window.draw(short), 600_000)
  afterAll(() => product?.close())

  it.each(themes.filter(theme => theme !== 'system'))('has no serious finding of axe in the theme %s', async theme => {
    await product?.close()
    await window.choose({ theme })
    product = await host.open(join(scratch, 'workspace'))
    const { page } = product
    const found: Record<string, Finding[]> = {}
    // What one theme shows faint another may not, so that each is looked at; what is not colour is the same in all.
    const looked = theme === 'dark' ? pageNames : new Set<PageName>([...sample(pageNames, 3), 'tier'])
    for (const name of looked) {
      await window.show(page, name)
      // As a script in the page it would be refused by the content security policy.
      await page.evaluate(axe.source)
      const look = () =>
        page.evaluate<Finding[]>(`axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, impact, nodes }) => nodes
          // A card is called by the name of its video, as one says it; what else stands on it is no part of that.
          .filter(({ html }) => id !== 'label-content-name-mismatch' || !html.includes('role="gridcell"'))
          .map(({ target, any }) => ({
            rule: id, impact, where: target.join(' '), why: any.map(({ message }) => message).join(' ') }))))`)
      let findings = await look()
      // What is on its way is faint for a moment, longer where the machine is busy.
      for (let tries = 0; tries < 10 && findings.length > 0; tries += 1) {
        await sleep(1000)
        findings = await look()
      }
      if (findings.length > 0) found[name] = findings
    }
    expect(found).toEqual({})
  })
})
