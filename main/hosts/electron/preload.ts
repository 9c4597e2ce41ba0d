import { contextBridge, ipcRenderer, webUtils } from 'electron'

/** The part of the page's global object that is used here; the rest of this program runs where there is no page. */
declare const window: { postMessage(message: string, targetOrigin: string, transfer: MessagePort[]): void }
type MessagePort = InstanceType<typeof MessageChannel>['port1']

/**
 * All that the page gets from the desktop: which host it runs in, where its pictures are, where files lie that the user
 * dropped, and a port to the workbench, which arrives as the message `workbench-port` from this window to itself.
 */
contextBridge.exposeInMainWorld('workbench', {
  host: 'electron',
  mediaBase: 'media://workbench/',
  connect(): void {
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage('workbench:connect', null, [port1])
    // Both ends of this message are the same window, whatever its origin is called.
    window.postMessage('workbench-port', '*', [port2])
  },
  pathOf: (file: Parameters<typeof webUtils.getPathForFile>[0]): string => webUtils.getPathForFile(file),
})
