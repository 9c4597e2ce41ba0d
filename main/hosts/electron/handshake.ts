import { RPCHandler } from '@orpc/server/message-port'
import { ipcMain } from 'electron'
import type { MessagePortMain, WebFrameMain } from 'electron'
import type { Workbench } from '../../workbench/workbench.ts'
import { isAppUrl } from './protocols/schemes.ts'

/** Only our own page at the top of a window may talk to the workbench; no frame inside it, no other page. */
function isOwnPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url)
}

/**
 * Takes the message port that the preload sends and answers the procedures over it.
 * A reloaded page sends a new one; the calls of the old end with it.
 */
export function acceptPorts(workbench: Promise<Pick<Workbench, 'router'>>): void {
  ipcMain.on('workbench:connect', (event, ...rest) => {
    const [port, ...more] = event.ports
    if (!isOwnPage(event.senderFrame) || !port || more.length > 0 || rest.some(value => value !== null)) {
      for (const refused of event.ports) refused.close()
      return
    }
    // When the workbench cannot be opened, whoever opened it says so.
    answer(port, workbench).catch(() => port.close())
  })
}

/** What the page sends before the workbench is open waits in the port. */
async function answer(port: MessagePortMain, workbench: Promise<Pick<Workbench, 'router'>>): Promise<void> {
  new RPCHandler((await workbench).router).upgrade(port, { context: {} })
  port.start()
}
