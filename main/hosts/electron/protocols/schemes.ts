import { protocol } from 'electron'

/** The window's own files; its pictures and videos are at the same host of `media:`. */
export const appUrl = 'app://workbench/'

/** Must run before Electron is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    // `stream` lets the player ask for ranges; `corsEnabled` lets the page draw frames into a figure that is exported.
    {
      scheme: 'media',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, corsEnabled: true },
    },
  ])
}

/** Whether a page is ours. Compared by parts: a prefix would let `app://workbench.example` pass. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed?.protocol === 'app:' && parsed.host === 'workbench'
}
