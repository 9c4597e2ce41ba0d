import { RPCLink } from '@orpc/client/websocket'
import type { OpenLine, Transport } from './transport.ts'

/** A served page: a WebSocket to the server it came from, which knows us by the cookie it set. */
export function websocketTransport(location: Location): Transport {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`
  return { mediaBase: '/media/', open: () => openSocket(url) }
}

async function openSocket(url: string): Promise<OpenLine> {
  const websocket = new WebSocket(url)
  const closed = new Promise<void>(resolve => websocket.addEventListener('close', () => resolve(), { once: true }))
  await new Promise<void>((resolve, reject) => {
    websocket.addEventListener('open', () => resolve(), { once: true })
    websocket.addEventListener('error', () => reject(new Error('The server did not answer.')), { once: true })
  })
  return { link: new RPCLink({ websocket }), closed }
}
