import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { runInNewContext } from 'node:vm'
import { MessageChannel } from 'node:worker_threads'
import { expect, it } from 'vitest'

type Port = InstanceType<typeof MessageChannel>['port1']
interface Bridge {
  host: string
  mediaBase: string
  connect(): void
  pathOf(file: unknown): string
}

/** Runs the built preload as the sandbox does: CommonJS whose only module is `electron`. */
async function loadPreload() {
  const code = await readFile(resolve(import.meta.dirname, '../../out/preload/preload.cjs'), 'utf8')
  const exposed: Record<string, Bridge> = {}
  const toMain: { channel: string; ports: unknown[] }[] = []
  const toPage: { message: unknown; ports: unknown[] }[] = []
  const electron = {
    webUtils: { getPathForFile: (file: { name: string }) => `/where/${file.name}` },
    contextBridge: {
      exposeInMainWorld: (name: string, value: Bridge) => {
        exposed[name] = value
      },
    },
    ipcRenderer: {
      postMessage: (channel: string, _message: unknown, ports: unknown[]) => {
        toMain.push({ channel, ports })
      },
    },
  }
  const require = (name: string) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload cannot load ${name}.`)
    return electron
  }
  runInNewContext(code, {
    require,
    module: { exports: {} },
    exports: {},
    MessageChannel,
    window: {
      postMessage: (message: unknown, _origin: string, ports: unknown[]) => {
        toPage.push({ message, ports })
      },
    },
  })
  return { exposed, toMain, toPage }
}

it('exposes one object with exactly four members', async () => {
  const { exposed } = await loadPreload()
  expect(Object.keys(exposed)).toEqual(['workbench'])
  expect(Object.keys(exposed.workbench ?? {}).sort()).toEqual(['connect', 'host', 'mediaBase', 'pathOf'])
  expect(exposed.workbench).toMatchObject({ host: 'electron', mediaBase: 'media://workbench/' })
  expect(exposed.workbench?.pathOf({ name: 'dropped.mp4' })).toBe('/where/dropped.mp4')
})

it('hands the two ends of one channel to the main process and to the page', async () => {
  const { exposed, toMain, toPage } = await loadPreload()
  exposed.workbench?.connect()
  expect(toMain).toMatchObject([{ channel: 'workbench:connect' }])
  expect(toPage).toMatchObject([{ message: 'workbench-port' }])
  const [mainEnd, pageEnd] = [toMain[0]?.ports[0], toPage[0]?.ports[0]] as [Port, Port]
  const received = new Promise(done => {
    mainEnd.once('message', done)
  })
  pageEnd.postMessage('over the channel')
  await expect(received).resolves.toBe('over the channel')
  mainEnd.close()
})
