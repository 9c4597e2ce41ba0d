import { Readable } from 'node:stream'
import { protocol } from 'electron'
import type { Workbench } from '../../../workbench/workbench.ts'

const origin = 'app://workbench'

/**
 * Answers `media://workbench/…` (`thumbnail/12`, `video/12`) with ranges; what lies outside the library has no such
 * path.
 */
export function serveMedia(workbench: Promise<Pick<Workbench, 'media'>>): void {
  protocol.handle('media', async request => {
    const url = URL.parse(request.url)
    if (request.method !== 'GET' || url?.host !== 'workbench') return new Response(null, { status: 404 })
    const { status, headers, body } = await (await workbench).media(url.pathname.slice(1), request.headers.get('range'))
    const sent =
      body === null || body instanceof Uint8Array
        ? body
        : Readable.toWeb(body instanceof Readable ? body : Readable.from(body))
    return new Response(sent as ConstructorParameters<typeof Response>[0], {
      status,
      headers: { ...headers, 'Access-Control-Allow-Origin': origin, 'X-Content-Type-Options': 'nosniff' },
    })
  })
}
