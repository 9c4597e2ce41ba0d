import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { PrecisionChoice } from '../../api/engine.ts'
import type { DeviceChoice, Notice } from '../../api/index.ts'
import { openWorkbench } from '../../workbench/workbench.ts'
import { rendererFolder, version } from '../installation.ts'
import { readRendererFiles } from '../renderer-files.ts'
import { isLoopback, outerAddresses } from './access.ts'
import { startHttpServer } from './http-server.ts'
import type { RunningServer } from './http-server.ts'

/** A server with its workbench. */
export interface Serving extends RunningServer {
  /** The folder of the workspace. */
  readonly workspace: string
}

export interface ServeOptions {
  workspace?: string | undefined
  store?: string | undefined
  host: string
  /** Null: the usual port, or any free one when that is taken. */
  port: number | null
  model?: string | undefined
  device?: DeviceChoice | undefined
  precision?: PrecisionChoice | undefined
  notices?: Notice[]
  /** Where the window may export to; `<workspace>/exports` by default. */
  exportFolder?: string | undefined
}

const usualPort = 4321

/** Opens the workbench and serves its window. Closing ends the server first, then the workbench. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const files = await readRendererFiles(rendererFolder)
  const workbench = await openWorkbench({
    host: 'server',
    version,
    workspace: options.workspace,
    store: options.store,
    model: options.model,
    device: options.device,
    precision: options.precision,
    notices: options.notices ?? [],
    exportFolder: options.exportFolder,
  })
  const listenOn = (port: number) =>
    startHttpServer({
      workbench,
      files,
      host: options.host,
      port,
      onError: error => workbench.log.error({ err: error }, 'the server failed'),
    })
  try {
    const server =
      options.port !== null
        ? await listenOn(options.port)
        : await listenOn(usualPort).catch((error: unknown) => {
            if (error instanceof ExpectedError && error.code === 'port-in-use') return listenOn(0)
            throw error
          })
    const { workspace } = await workbench.client.app.info()
    return {
      ...server,
      workspace,
      close: async () => {
        await server.close()
        await workbench.close()
      },
    }
  } catch (error) {
    await workbench.close()
    throw error
  }
}

/** What it means to listen where others can reach it; null on loopback. */
export function exposure(host: string, port: number): string | null {
  if (isLoopback(host)) return null
  const where =
    host === '0.0.0.0' || host === '::' ? `every address of this machine (${outerAddresses().join(', ')})` : host
  return (
    `Listening on ${where}: whoever opens the URL can use the workbench as you: see the names of all your folders and files, ` +
    'read whatever videos, captions, tables and checkpoints you may read, start jobs, change settings, import and remove models and runs, and write exports below the export folder. ' +
    'They cannot name programs to run, nor write anywhere else. The connection is not encrypted. ' +
    `On a network you do not trust, serve on localhost and use a tunnel: ssh -L ${port}:localhost:${port} THIS-MACHINE.`
  )
}
