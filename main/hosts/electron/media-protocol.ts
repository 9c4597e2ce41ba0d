import { Readable } from 'node:stream'
import { protocol } from 'electron'
import type { Workbench } from '../../workbench.ts'

const origin = 'app://workbench'

/** Answers `media://workbench/…` (`thumbnail/12`, `video/12`) with ranges; what lies outside the library has no such path. */
export function serveMedia(workbench: Promise<Pick<Workbench, 'media'>>): void {
  protocol.handle('media', async request => {
    const url = URL.parse(request.url)
    if (request.method !== 'GET' || url?.host !== 'workbench') return new Response(null, { status: 404 })
    const media = await (await workbench).media(url.pathname.slice(1), request.headers.get('range'), request.signal)
    const body = media.body === null || media.body instanceof Uint8Array ? media.body : Readable.toWeb(Readable.from(media.body))
    return new Response(body as ConstructorParameters<typeof Response>[0], {
      status: media.status,
      headers: { ...media.headers, 'Access-Control-Allow-Origin': origin, 'X-Content-Type-Options': 'nosniff' },
    })
  })
}
