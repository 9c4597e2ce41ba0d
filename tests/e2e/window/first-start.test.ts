import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderOfTest } from '../../support/folders.ts'
import { hosts } from '../support/product.ts'

it.each(hosts.filter(host => host.missing === null))(
  'leads through its pages with stories drawn at the first start, in $name',
  async host => {
    const product = await host.open(join(folderOfTest('demo'), 'workspace'))
    try {
      await product.page.getByRole('heading', { name: 'Library', level: 1, exact: true }).waitFor()
      const count = product.page.getByTestId('video-count')
      await expect.poll(async () => Number.parseInt(await count.innerText().catch(() => '0'))).toBeGreaterThan(0)
      const tour = product.page.getByTestId('tour')
      await tour.getByRole('heading', { name: 'A library to begin with' }).waitFor()
      const stops = [
        ['Search with a paragraph', 'Search'],
        ['See why it fits', 'Alignment'],
        ['See what the model looks at', 'Attention'],
        ['Teach it something new', 'Fine-tune'],
      ] as const
      for (const [title, page] of stops) {
        // The way on is open when the first story is indexed.
        await tour.getByRole('button', { name: 'Next' }).click()
        await tour.getByRole('heading', { name: title }).waitFor()
        await product.page.getByRole('heading', { name: page, level: 1, exact: true }).waitFor()
      }
      await tour.getByRole('button', { name: 'Done' }).click()
      await tour.waitFor({ state: 'detached' })
      // It is not shown again by itself, but when it is asked for.
      await product.page.reload()
      await product.page.getByRole('heading', { name: 'Fine-tune', level: 1, exact: true }).waitFor()
      expect(await tour.count()).toBe(0)
      await product.page.getByRole('button', { name: 'Take the tour' }).click()
      await tour.getByRole('heading', { name: 'A library to begin with' }).waitFor()
    } finally {
      await product.close()
    }
  },
)
