import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts'
import { installationRoot } from '../../installation.ts'
import { appUrl } from '../protocols/schemes.ts'
import { restoreWindowState, smallest } from './window-state.ts'

const saveAfter = 500
/** A page that crashes again and again is not reloaded for ever. */
const crashesAllowed = { count: 3, within: 60_000 }

export interface WindowOptions {
  /** File that keeps size, position and maximised state. */
  statePath: string
  /** The page's process ended by itself; `reloaded` is false when it did so too often. */
  onCrash: (reason: string, reloaded: boolean) => void
}

export interface OpenedWindow {
  window: BrowserWindow
  /**
   * Writes size and position, as they are or as they were when the window closed; resolves when they are on the disk.
   */
  saveState(): Promise<void>
}

/** The one window: isolated, sandboxed, without Node, showing our own page and no other. */
export function openWindow(options: WindowOptions): OpenedWindow {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(display => display.id !== main.id)
  const { maximised, ...bounds } = restoreWindowState(
    options.statePath,
    [main, ...others].map(display => display.workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: app.getName(),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171a' : '#ffffff',
    webPreferences: {
      preload: join(installationRoot, 'out', 'preload', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  reloadAfterCrash(window, options.onCrash)
  const saveState = keepState(window, options.statePath)
  void window.loadURL(appUrl)
  return { window, saveState }
}

function keepState(window: BrowserWindow, path: string): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let saving = Promise.resolve()
  const save = (): Promise<void> => {
    clearTimeout(timer)
    if (window.isDestroyed()) return saving
    const state = JSON.stringify({ ...window.getNormalBounds(), maximised: window.isMaximized() })
    // Where the window stood is not worth a failure.
    saving = saving
      .then(() => writeFileAtomic(path, state))
      .catch(error => console.warn('The window state was not saved.', error))
    return saving
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), saveAfter)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.on('close', () => void save())
  return save
}

function reloadAfterCrash(window: BrowserWindow, onCrash: WindowOptions['onCrash']): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    crashes = [...crashes.filter(time => now - time < crashesAllowed.within), now]
    const reload = crashes.length <= crashesAllowed.count
    onCrash(details.reason, reload)
    if (reload) window.webContents.reload()
  })
}
