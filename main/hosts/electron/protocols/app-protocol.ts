import { protocol } from 'electron'
import { windowHeaders } from '../../content-security.ts'
import type { RendererFile } from '../../renderer-files.ts'
import { isAppUrl } from './schemes.ts'

const headers = windowHeaders({ media: ['media:'] })

/** Answers `app://workbench/…` with the built window and with nothing else. */
export function serveApp(files: Map<string, RendererFile>): void {
  protocol.handle('app', request => {
    const file =
      request.method === 'GET' && isAppUrl(request.url) ? files.get(new URL(request.url).pathname) : undefined
    if (!file) return new Response('There is nothing at this address.', { status: 404, headers })
    return new Response(file.body, {
      headers: { ...headers, 'Content-Type': file.type, 'Content-Length': String(file.body.byteLength) },
    })
  })
}
