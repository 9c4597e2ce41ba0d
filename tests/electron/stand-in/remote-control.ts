import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { Settings, WorkbenchClient } from '../../../main/api/index.ts'
import { cancellable, windows } from './browser-window.ts'
import { app, ipcMain, record } from './electron.ts'
import type { MenuItem } from './electron.ts'
import { MessagePortMain } from './message-port.ts'
import { forked } from './utility-process.ts'

/** Hands over a port as the preload does, then makes one call over it. */
async function connect<T>(
  senderFrame: { url: string; parent: object | null } | null,
  call: (client: WorkbenchClient) => Promise<T>,
): Promise<T | 'refused'> {
  const channel = new MessageChannel()
  const own = new MessagePortMain(channel.port2)
  const closed = new Promise<'refused'>(resolve => own.once('close', () => resolve('refused')))
  own.start()
  ipcMain.emit('workbench:connect', { ports: [new MessagePortMain(channel.port1)], senderFrame }, null)
  const client: WorkbenchClient = createORPCClient(new RPCLink({ port: own }))
  try {
    return await Promise.race([closed, call(client)])
  } finally {
    own.close()
  }
}

/** What a test can ask of the app that runs in this process, and do to it as a user or an attacker would. */
export const actions = {
  state: () => ({
    userData: record.userData,
    schemes: record.schemes,
    schemesBeforeReady: record.schemesBeforeReady,
    blocked: record.blocked,
    openedOutside: record.openedOutside,
    messages: record.messages,
    errors: record.errors,
    updates: record.updates,
    forked,
    handlers: [...record.handlers.keys()],
    menuReady: record.menu.length > 0,
    windows: windows
      .filter(window => !window.destroyed)
      .map(window => ({
        options: window.options,
        bounds: window.bounds,
        maximised: window.maximised,
        minimised: window.minimised,
        visible: window.visible,
        focused: window.focused,
        loaded: window.webContents.loaded,
        reloads: window.webContents.reloads,
      })),
  }),
  /** A request of the page, answered by the handler of its scheme. */
  request: async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
    const handler = record.handlers.get(new URL(url).protocol.slice(0, -1))
    if (!handler) throw new Error(`Nothing answers ${url}.`)
    // A Request of Node refuses schemes it does not know, so it only lends its headers.
    const response = await handler({
      url,
      method,
      headers: new Headers(headers),
      signal: new AbortController().signal,
    } as Request)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()).toString('latin1'),
    }
  },
  /** The handshake of a page at `frameUrl`, then one procedure over the port. */
  connect: (frameUrl: string, place: 'top' | 'frame' | 'gone') =>
    connect(place === 'gone' ? null : { url: frameUrl, parent: place === 'frame' ? {} : null }, client =>
      client.app.info(),
    ),
  folders: async () => {
    const folders = await connect({ url: 'app://workbench/', parent: null }, client => client.library.folders())
    return folders === 'refused' ? [] : folders
  },
  /** What is said of a checkpoint that is imported, with such a configuration. */
  importModel: (checkpoint: string, config: string) =>
    connect({ url: 'app://workbench/', parent: null }, client =>
      client.models.import({ weights: [checkpoint], config, bertConfig: config, kind: null, name: null }).then(
        () => 'imported',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    ),
  /** Gives up after some milliseconds to import a model of random weights. */
  abandonImport: (config: string, after: number) =>
    connect({ url: 'app://workbench/', parent: null }, client => {
      const init = { swin: null, bert: null, seed: 1, start: 'published' } as const
      const input = { config, bertConfig: config, kind: 'video-classification', name: 'never', init } as const
      return client.models.import({ ...input, weights: [] }, { signal: AbortSignal.timeout(after) }).then(
        () => 'imported',
        () => 'given up',
      )
    }),
  /** Paths of what is found. */
  search: (text: string) =>
    connect({ url: 'app://workbench/', parent: null }, async client => {
      const { results } = await client.search.query({ text })
      return results.map(({ video }) => video.path)
    }),
  diagnose: () =>
    connect(
      { url: 'app://workbench/', parent: null },
      async client => (await client.diagnostics.diagnose({})).findings,
    ),
  changeSettings: (changes: Partial<Settings>) =>
    connect({ url: 'app://workbench/', parent: null }, client => client.app.changeSettings(changes)),
  /** Where a click on a link, a redirect or a script may lead. */
  navigate: (url: string) => {
    const outcome = (name: string) => {
      const event = cancellable({ url })
      windows[0]?.webContents.emit(name, event)
      return event.defaultPrevented ? 'refused' : 'allowed'
    }
    return {
      navigation: outcome('will-navigate'),
      redirect: outcome('will-redirect'),
      window: windows[0]?.webContents.openHandler({ url }).action,
    }
  },
  attachWebview: () => {
    const event = cancellable({})
    windows[0]?.webContents.emit('will-attach-webview', event)
    return event.defaultPrevented ? 'refused' : 'allowed'
  },
  permission: (permission: string, url: string) => {
    let granted: boolean | null = null
    record.permissionRequest?.(
      {},
      permission,
      answer => {
        granted = answer
      },
      { requestingUrl: url },
    )
    return {
      request: granted,
      check: record.permissionCheck?.({ getURL: () => url }, permission),
      device: record.devicePermission?.(),
    }
  },
  menu: (...labels: string[]) => {
    let items: MenuItem[] = record.menu
    for (const [depth, label] of labels.entries()) {
      const item = items.find(one => one.label?.replace('&', '') === label)
      if (!item) {
        throw new Error(
          `The menu has no ${labels.slice(0, depth + 1).join(' › ')}; it has ${items.map(one => one.label ?? one.role).join(', ')}.`,
        )
      }
      if (depth === labels.length - 1) item.click?.()
      items = item.submenu ?? []
    }
  },
  pickNext: (folder: string) => {
    record.folderToPick = folder
  },
  minimise: () => {
    if (windows[0]) windows[0].minimised = true
  },
  startAgain: () => {
    app.emit('second-instance', {}, [], '')
  },
  moveTo: (x: number, y: number, width: number, height: number) => {
    if (windows[0]) windows[0].bounds = { x, y, width, height }
    windows[0]?.emit('move')
  },
  crashPage: (reason: string) => {
    windows[0]?.webContents.emit('render-process-gone', {}, { reason, exitCode: 5 })
  },
  closeWindow: () => {
    windows[0]?.close()
  },
}

type Action = (...words: never[]) => unknown

process.on('message', async ({ id, name, words }: { id: number; name: keyof typeof actions; words: never[] }) => {
  try {
    process.send?.({ id, value: await (actions[name] as Action)(...words) })
  } catch (error) {
    process.send?.({ id, problem: error instanceof Error ? error.message : String(error) })
  }
})
