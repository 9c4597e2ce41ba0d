import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderOfTest } from '../../support/folders.ts'
import { hosts, lfvila } from '../support/product.ts'

const han = /[\u4e00-\u9fff]/

it.each(hosts.filter(host => host.missing === null))(
  'tells errors, jobs and devices in Chinese, and in English again once that is chosen, in $name',
  async host => {
    const scratch = folderOfTest('languages')
    const [workspace, folder] = [join(scratch, 'workspace'), join(scratch, 'my videos')]
    await mkdir(workspace, { recursive: true })
    await mkdir(folder)
    await writeFile(join(folder, 'notes.mp4'), 'These are notes, and no video at all.')
    await writeFile(join(workspace, 'settings.json'), JSON.stringify({ device: 'cpu', language: 'zh' }))
    // A workspace that is not new draws no library of its own.
    await lfvila(workspace, 'model', 'list')
    const product = await host.open(workspace)
    const { page } = product
    const go = (pages: string, name: string) =>
      page.getByRole('navigation', { name: pages }).getByRole('link', { name, exact: true }).click()
    try {
      // Of each device that is refused, why.
      await go('页面', '设置')
      const devices = page.getByRole('table', { name: '本机的设备' })
      await devices.getByText('个线程').waitFor()
      const refused = devices.getByRole('row').filter({ hasText: '不可用' }).locator('.why')
      for (const reason of await refused.allInnerTexts()) expect(reason).toMatch(han)

      await go('页面', '视频库')
      const native = await product.answerFolderDialog(folder)
      await page.getByRole('button', { name: '打开文件夹' }).first().click()
      if (!native) {
        const [field, missing] = [page.getByLabel('文件夹路径'), join(scratch, 'nowhere')]
        await expect.poll(() => field.inputValue()).not.toBe('')
        await field.fill(missing)
        await field.press('Enter')
        await page.getByText(`${missing} 不在那里：它被删除、移动或重命名了，或其驱动器未连接。`).waitFor()
        await field.fill(folder)
        await page.getByRole('button', { name: '打开此文件夹' }).click()
      }

      // What is no video is a failure of the job that met it.
      const job = (title: string) => page.getByRole('article', { name: title, exact: true })
      await page.getByRole('button', { name: '个问题' }).click()
      await job(`扫描 ${folder}`).getByText('不是视频，尽管名称如此').waitFor()
      await page.keyboard.press('Escape')

      // The folder itself is gone.
      await rename(folder, join(scratch, 'moved'))
      await page.getByRole('button', { name: '检查所有文件夹的变化' }).click()
      await page.getByText(`${folder} 不在那里`).first().waitFor()

      await page.keyboard.press('Control+k')
      const palette = page.getByTestId('palette')
      await palette.getByRole('textbox').fill('english')
      await palette.getByRole('option').filter({ hasText: '语言：English' }).click()
      await page.getByText(`${folder} is not there`).first().waitFor()
      await page.getByRole('button', { name: /^\d+ problems?$/ }).click()
      await job(`Scan ${folder}`).getByText('is not a video, whatever its name says').waitFor()
      await page.keyboard.press('Escape')
      await go('Pages', 'Settings')
      await page.getByRole('table', { name: 'Devices of this machine' }).getByText('threads').waitFor()
    } finally {
      await product.close()
    }
  },
)
