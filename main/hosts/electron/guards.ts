import { app, session, shell } from 'electron'
import { isAppUrl } from './protocols/schemes.ts'

/** Copying a figure and showing the player full screen; nothing else is ever granted. */
const harmless = new Set(['clipboard-sanitized-write', 'fullscreen'])

function openOutside(url: string): void {
  if (URL.parse(url)?.protocol === 'https:') void shell.openExternal(url)
}

/**
 * No page but ours is ever shown, nothing is loaded from the network, no sensor is granted. Runs once, before the first
 * window.
 */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url)
      return { action: 'deny' }
    })
    const stay = (event: { url: string; preventDefault(): void }) => {
      if (isAppUrl(event.url)) return
      event.preventDefault()
      openOutside(event.url)
    }
    contents.on('will-navigate', stay)
    contents.on('will-redirect', stay)
    contents.on('will-attach-webview', event => event.preventDefault())
  })
}

/**
 * Runs once Electron is ready. `mayOpen` names what of the network the page may use: nothing, unless the page is
 * developed.
 */
export function guardSession(mayOpen: (url: string) => boolean = () => false): void {
  const guarded = session.defaultSession
  // eslint-disable-next-line @typescript-eslint/max-params -- Electron calls it.
  guarded.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(harmless.has(permission) && isAppUrl(details.requestingUrl)),
  )
  guarded.setPermissionCheckHandler(
    (contents, permission) => harmless.has(permission) && contents !== null && isAppUrl(contents.getURL()),
  )
  guarded.setDevicePermissionHandler(() => false)
  // Dictionaries would be downloaded.
  guarded.setSpellCheckerEnabled(false)
  guarded.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'] },
    ({ url }, answer) => answer({ cancel: !mayOpen(url) }),
  )
}
