import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog } from 'electron'
import type { Settings } from '../../api/index.ts'
import type { Workbench } from '../../workbench/workbench.ts'
import { version } from '../installation.ts'

/** Whether this copy says where its updates are: whoever packaged it gave an address, and electron-builder wrote it. */
export function canUpdate(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'))
}

/**
 * Asks once for a new version, when the settings say so or as soon as they do; without that, and in offline mode,
 * nothing is asked. A new version is downloaded only on a click and installed when the program is quit.
 */
export async function followUpdates({ client, log }: Pick<Workbench, 'client' | 'log'>): Promise<void> {
  if (!canUpdate()) return
  let asked = false
  const consider = ({ updates, offline }: Settings): void => {
    if (!updates || offline || asked) return
    asked = true
    // No network at the start is no news.
    offer().catch(error => log.warn({ error: String(error) }, 'no new version could be asked for'))
  }
  const events = await client.app.events()
  consider(await client.app.settings())
  for await (const event of events) if (event.type === 'settings') consider(event.settings)
}

async function offer(): Promise<void> {
  const {
    default: { autoUpdater },
  } = await import('electron-updater')
  autoUpdater.autoDownload = false
  autoUpdater.autoInstallOnAppQuit = true
  const found = await autoUpdater.checkForUpdates()
  if (!found?.isUpdateAvailable) return
  const { response } = await dialog.showMessageBox({
    type: 'info',
    title: app.getName(),
    message: `Version ${found.updateInfo.version} is there; this is ${version}.`,
    detail: 'It is downloaded now and installed when you quit the program.',
    buttons: ['Download', 'Not Now'],
    defaultId: 1,
    cancelId: 1,
  })
  if (response === 0) await autoUpdater.downloadUpdate()
}
