import { dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import type { Dialogs } from '../../../workbench/options.ts'

/** The system's dialogs, in front of the window where there is one. */
export function nativeDialogs(window: () => BrowserWindow | null): Dialogs {
  const open = async (options: Electron.OpenDialogOptions): Promise<string[]> => {
    const owner = window()
    const chosen = owner ? await dialog.showOpenDialog(owner, options) : await dialog.showOpenDialog(options)
    return chosen.canceled ? [] : chosen.filePaths
  }
  return {
    pickFolder: async () =>
      (await open({ title: 'Open a folder of videos', properties: ['openDirectory'] }))[0] ?? null,
    pickFiles: ({ title, extensions }) =>
      open({
        title,
        properties: ['openFile', 'multiSelections'],
        filters:
          extensions.length > 0
            ? [{ name: title, extensions: extensions.map(extension => extension.replace(/^\./, '')) }]
            : [],
      }),
  }
}
