import { protocol } from 'electron'
import { startDesktopApp } from '../../main/hosts/electron/desktop-app.ts'
import { isAppUrl } from '../../main/hosts/electron/protocols/schemes.ts'

/** Vite's server, as electron-vite tells it. */
const vite = new URL(process.env.ELECTRON_RENDERER_URL ?? 'http://localhost:5173')

/**
 * The desktop app with a page that is developed: its origin and its guards are those of the built app, its files come
 * from Vite. This entry is no part of what `npm run build` makes.
 */
startDesktopApp({
  serve: async () =>
    protocol.handle('app', async request => {
      if (!isAppUrl(request.url)) return new Response(null, { status: 404 })
      const { pathname, search } = new URL(request.url)
      return fetch(new URL(pathname + search, vite))
    }),
  mayOpen: url => url.startsWith(`ws://${vite.host}/`),
})
