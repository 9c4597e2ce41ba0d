import { version } from '../../main/hosts/installation.ts'
import { startHttpServer } from '../../main/hosts/server/http-server.ts'
import { untilStopped } from '../../main/hosts/server/until-stopped.ts'
import { openWorkbench } from '../../main/workbench/workbench.ts'

/** What `dev.mjs` tells its host first; afterwards it asks for another token with the word `token`. */
interface Order {
  workspace?: string
  port: number
  session: string
}

/**
 * The workbench from its sources, without a window: Vite serves that, and passes on what the page asks of the host.
 * Whoever is in stays in when the host starts again, because port and session stay the same.
 */
async function main({ workspace, port, session }: Order): Promise<void> {
  const workbench = await openWorkbench({ host: 'server', version, workspace, notices: [] })
  const server = await startHttpServer({
    workbench,
    files: new Map(),
    host: '127.0.0.1',
    port,
    session,
    onError: error => workbench.log.error({ err: error }, 'the server failed'),
  })
  const abandoned = new AbortController()
  process.on('disconnect', () => abandoned.abort())
  const stopped = untilStopped(abandoned.signal)
  const tellToken = () => process.send?.({ token: new URL(server.freshUrl()).searchParams.get('token') })
  process.on('message', tellToken)
  tellToken()
  await stopped
  await server.close()
  await workbench.close()
}

process.once('message', (order: Order) => {
  main(order).then(
    () => process.exit(0),
    error => {
      console.error(error)
      process.exit(1)
    },
  )
})
