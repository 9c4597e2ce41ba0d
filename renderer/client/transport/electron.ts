import { RPCLink } from '@orpc/client/message-port'
import type { OpenLine, Transport } from './transport.ts'

const patienceMs = 10_000

/** The desktop app: a message port that the preload hands over once it is asked to. */
export function electronTransport(bridge: WorkbenchBridge): Transport {
  return { mediaBase: bridge.mediaBase, open: () => openPort(bridge) }
}

async function openPort(bridge: WorkbenchBridge): Promise<OpenLine> {
  const port = await new Promise<MessagePort>((resolve, reject) => {
    const timer = setTimeout(() => finish(() => reject(new Error('The main process handed over no port.'))), patienceMs)
    const onMessage = (event: MessageEvent) => {
      const [received] = event.ports
      if (event.source !== window || event.data !== 'workbench-port' || !received) return
      finish(() => resolve(received))
    }
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      window.removeEventListener('message', onMessage)
      settle()
    }
    window.addEventListener('message', onMessage)
    bridge.connect()
  })
  const closed = new Promise<void>(resolve => port.addEventListener('close', () => resolve(), { once: true }))
  const link = new RPCLink({ port })
  port.start()
  return { link, closed }
}
