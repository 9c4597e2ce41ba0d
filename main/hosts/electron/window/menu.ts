import { app, Menu, shell } from 'electron'
import type { BrowserWindow, MenuItemConstructorOptions } from 'electron'
import type { Settings, WorkbenchClient } from '../../../api/index.ts'
import { appUrl } from '../protocols/schemes.ts'

const pages = ['Library', 'Search', 'Alignment', 'Attention', 'Fine-tune', 'Evaluate', 'Models', 'Settings']
const themes: [label: string, theme: Settings['theme']][] = [
  ['As the system', 'system'],
  ['Dark', 'dark'],
  ['Light', 'light'],
  ['High contrast', 'contrast'],
]

export interface MenuOptions {
  window: () => BrowserWindow | null
  client: WorkbenchClient
  pickFolder: () => Promise<string | null>
  workspace: string
  /** A choice in the menu failed; `error` may be an expected failure with its sentence. */
  onError: (error: unknown) => void
}

/** The application's menu; what it does goes through the same procedures as the window. */
export function setMenu(options: MenuOptions): void {
  const { client, onError } = options
  const attempt = (action: () => Promise<unknown>) => () => {
    action().catch(onError)
  }
  const go = (page: string) => attempt(async () => options.window()?.loadURL(`${appUrl}#/${page.toLowerCase()}`))

  const openFolder = attempt(async () => {
    const path = await options.pickFolder()
    if (path !== null) await client.library.addFolder({ path })
  })
  const mac = process.platform === 'darwin'
  const developing: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }]

  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        { label: '&Open Folder…', accelerator: 'CmdOrCtrl+O', click: openFolder },
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        {
          label: '&Theme',
          submenu: themes.map(([label, theme]) => ({
            label,
            click: attempt(() => client.app.changeSettings({ theme })),
          })),
        },
        { type: 'separator' },
        ...developing,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: '&Go',
      submenu: pages.map((page, index) => ({ label: page, accelerator: `CmdOrCtrl+${index + 1}`, click: go(page) })),
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'The LF-VILA Paper', click: attempt(() => shell.openExternal('https://arxiv.org/abs/2210.06031')) },
        { label: 'Show the Workspace Folder', click: attempt(() => shell.openPath(options.workspace)) },
        ...(mac ? [] : [{ role: 'about' } satisfies MenuItemConstructorOptions]),
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
