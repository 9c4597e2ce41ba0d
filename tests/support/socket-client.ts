import { once } from 'node:events'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import type { WorkbenchClient } from '../../main/api/index.ts'
import type { RunningServer } from '../../main/hosts/server/http-server.ts'

/** Speaks to a server as the window in a browser does. @returns its procedures, and how to hang up. */
export async function socketClient({ url }: RunningServer): Promise<{ client: WorkbenchClient; close: () => void }> {
  const exchange = await fetch(url, { redirect: 'manual' })
  const { origin } = new URL(url)
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, {
    headers: { origin, cookie: exchange.headers.get('set-cookie')?.split(';')[0] ?? '' },
  })
  await once(socket, 'open')
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  return { client: createORPCClient<WorkbenchClient>(link), close: () => socket.close() }
}
