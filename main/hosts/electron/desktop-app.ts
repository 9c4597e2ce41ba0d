import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog } from 'electron'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { launchReadersWith } from '../../reading-process/reading-process.ts'
import { openWorkspace } from '../../storage/workspace.ts'
import { openWorkbench } from '../../workbench/workbench.ts'
import type { Workbench } from '../../workbench/workbench.ts'
import { version } from '../installation.ts'
import { guardContents, guardSession } from './guards.ts'
import { acceptPorts } from './handshake.ts'
import { utilityLauncher } from './processes/utility-engine.ts'
import { utilityReader } from './processes/utility-reader.ts'
import { serveMedia } from './protocols/media-protocol.ts'
import { registerSchemes } from './protocols/schemes.ts'
import { canUpdate, followUpdates } from './updates.ts'
import { nativeDialogs } from './window/dialogs.ts'
import { setMenu } from './window/menu.ts'
import { openWindow } from './window/window.ts'
import type { OpenedWindow } from './window/window.ts'

/** The longest the workbench may take to close before the process ends anyway; what it keeps is safe at any moment. */
const closeWithin = 10_000

/** Where the app's one page comes from. */
export interface PageSource {
  /** Answers `app://workbench/…` from now on; Electron is ready. */
  serve(): Promise<void>
  /** What the page may open outside of the program; of the built app, nothing. */
  mayOpen?(url: string): boolean
}

/** A failure the user must see although there may be no window. */
function report(error: unknown): void {
  if (!(error instanceof ExpectedError)) console.error(error)
  dialog.showErrorBox(app.getName(), error instanceof Error ? error.message : String(error))
}

function start(page: PageSource): void {
  // Chromium's own switches are in the line as well, so unknown ones pass.
  const { values } = parseArgs({
    args: process.argv.slice(1),
    strict: false,
    options: { workspace: { type: 'string' } },
  })
  const workspace = openWorkspace(typeof values.workspace === 'string' ? values.workspace : undefined)
  // The lock of a single instance lies here: one instance per workspace.
  app.setPath('userData', join(workspace.root, 'electron'))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  registerSchemes()
  guardContents()
  launchReadersWith(utilityReader)

  let opened: OpenedWindow | null = null
  const window = () => (opened && !opened.window.isDestroyed() ? opened.window : BrowserWindow.getFocusedWindow())
  const dialogs = nativeDialogs(window)
  let workbench: Promise<Workbench> | null = null

  const show = () => {
    const current = window()
    if (current) {
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
      return
    }
    opened = openWindow({
      statePath: join(workspace.root, 'window.json'),
      onCrash: (reason, reloaded) => {
        workbench
          ?.then(({ log }) => log.error({ reason, reloaded }, 'the window crashed'))
          .catch(() => {
            /* then the start has failed, and was reported */
          })
        const text = reloaded
          ? 'was reloaded; jobs went on meanwhile'
          : 'keeps crashing and was not reloaded again: restart the program'
        dialog
          .showMessageBox({
            type: 'warning',
            title: app.getName(),
            message: `The window crashed (${reason}) and ${text}.`,
          })
          .catch(report)
      },
    })
  }

  app.on('second-instance', show)
  app.on('activate', () => {
    if (app.isReady()) show()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('child-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit') {
      console.warn(`${details.name ?? details.type} ended: ${details.reason} (${details.exitCode}).`)
    }
  })

  let closing: Promise<void> | null = null
  app.on('before-quit', event => {
    if (closing) return
    event.preventDefault()
    closing = close(workbench, opened).finally(() => app.exit(0))
  })

  app
    .whenReady()
    .then(async () => {
      guardSession(page.mayOpen)
      await page.serve()
      const opening = openWorkbench({
        workspace: workspace.root,
        host: 'electron',
        version,
        launchEngine: utilityLauncher(),
        dialogs,
        updates: canUpdate(),
      })
      workbench = opening
      acceptPorts(opening)
      serveMedia(opening)
      show()
      const { client, log } = await opening
      setMenu({ window, client, pickFolder: dialogs.pickFolder, workspace: workspace.root, onError: report })
      followUpdates({ client, log }).catch(error => log.warn({ error: String(error) }, 'updates are not followed'))
    })
    .catch(error => {
      report(error)
      app.exit(1)
    })
}

async function close(workbench: Promise<Workbench> | null, opened: OpenedWindow | null): Promise<void> {
  const closed = Promise.all([opened?.saveState(), workbench?.then(one => one.close())])
  const limit = new Promise(resolve => setTimeout(resolve, closeWithin))
  await Promise.race([closed, limit]).catch(error => console.error(error))
}

/** Opens the workbench and its window; what fails is shown, and ends the program. */
export function startDesktopApp(page: PageSource): void {
  try {
    start(page)
  } catch (error) {
    report(error)
    app.exit(1)
  }
}
