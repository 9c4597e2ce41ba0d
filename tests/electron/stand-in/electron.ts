import { EventEmitter } from 'node:events'
import { BrowserWindow, cancellable, creation } from './browser-window.ts'
import { fork } from './utility-process.ts'

// Electron says where the files beside a packaged app's archive are.
if (process.env.STAND_IN_RESOURCES !== undefined) {
  Object.defineProperty(process, 'resourcesPath', { value: process.env.STAND_IN_RESOURCES })
}

/**
 * The part of Electron's main-process module that the desktop app uses, recording what it is told.
 * The app's own built code runs against it unchanged; see `remote-control.ts` for how a test asks and acts.
 */

type Handler = (request: Request) => Response | Promise<Response>

export const record = {
  userData: '',
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  schemesBeforeReady: false,
  handlers: new Map<string, Handler>(),
  permissionRequest: null as
    | null
    | ((
        contents: unknown,
        permission: string,
        answer: (granted: boolean) => void,
        details: { requestingUrl: string },
      ) => void),
  permissionCheck: null as null | ((contents: { getURL(): string } | null, permission: string) => boolean),
  devicePermission: null as null | (() => boolean),
  blocked: null as null | { urls: string[]; cancels: boolean },
  openedOutside: [] as string[],
  messages: [] as string[],
  updates: [] as string[],
  errors: [] as string[],
  folderToPick: null as string | null,
  menu: [] as MenuItem[],
}

export interface MenuItem {
  label?: string
  role?: string
  accelerator?: string
  click?: () => void
  submenu?: MenuItem[]
}

class App extends EventEmitter {
  readonly isPackaged = process.env.STAND_IN_RESOURCES !== undefined
  #ready = false

  getName(): string {
    return 'LF-VILA Workbench'
  }
  setPath(name: string, path: string): void {
    if (name === 'userData') record.userData = path
  }
  requestSingleInstanceLock(): boolean {
    return process.env.STAND_IN_SECOND_INSTANCE !== '1'
  }
  isReady(): boolean {
    return this.#ready
  }

  /** Electron waits for the app's own module before it becomes ready, so the clock starts with the first question. */
  whenReady(): Promise<void> {
    if (this.#ready) return Promise.resolve()
    setTimeout(() => {
      this.#ready = true
      this.emit('ready')
    }, 20)
    return new Promise(resolve => this.once('ready', () => resolve()))
  }

  exit(code: number): void {
    process.exit(code)
  }

  quit(): void {
    const event = cancellable({})
    this.emit('before-quit', event)
    if (!event.defaultPrevented) process.exit(0)
  }
}

export const app = new App()
creation.on('window', (window: BrowserWindow) => {
  app.emit('web-contents-created', {}, window.webContents)
  window.once('closed', () => {
    if (BrowserWindow.getAllWindows().length === 0) app.emit('window-all-closed')
  })
})

export const protocol = {
  registerSchemesAsPrivileged(schemes: typeof record.schemes): void {
    record.schemes = schemes
    record.schemesBeforeReady = !app.isReady()
  },
  handle(scheme: string, handler: Handler): void {
    record.handlers.set(scheme, handler)
  },
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler: NonNullable<typeof record.permissionRequest>): void {
      record.permissionRequest = handler
    },
    setPermissionCheckHandler(handler: NonNullable<typeof record.permissionCheck>): void {
      record.permissionCheck = handler
    },
    setDevicePermissionHandler(handler: () => boolean): void {
      record.devicePermission = handler
    },
    setSpellCheckerEnabled(): void {},
    webRequest: {
      onBeforeRequest(
        filter: { urls: string[] },
        listener: (details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void,
      ): void {
        listener({ url: 'https://example.org/' }, verdict => {
          record.blocked = { urls: filter.urls, cancels: verdict.cancel }
        })
      },
    },
  },
}

const displays = [
  { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } },
  { id: 2, workArea: { x: 1920, y: 0, width: 1280, height: 1000 } },
]

export const screen = { getPrimaryDisplay: () => displays[0], getAllDisplays: () => displays }
export const nativeTheme = { shouldUseDarkColors: true }
export const shell = {
  openExternal: async (url: string) => {
    record.openedOutside.push(url)
  },
  openPath: async () => '',
}
export const dialog = {
  showErrorBox: (_title: string, text: string) => {
    record.errors.push(text)
  },
  showMessageBox: async (options: { message: string }) => {
    record.messages.push(options.message)
    return { response: 0 }
  },
  showOpenDialog: async () => ({
    canceled: record.folderToPick === null,
    filePaths: record.folderToPick === null ? [] : [record.folderToPick],
  }),
}
export const Menu = {
  buildFromTemplate: (template: MenuItem[]) => template,
  setApplicationMenu: (template: MenuItem[]) => {
    record.menu = template
  },
}
export const ipcMain = new EventEmitter()
export const utilityProcess = {
  fork: (...words: Parameters<typeof fork>) => {
    if (!app.isReady()) throw new TypeError('utilityProcess cannot be created before app is ready.')
    return fork(...words)
  },
}
export { BrowserWindow }
