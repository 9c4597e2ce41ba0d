import { parseArgs } from 'node:util'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { deviceChoice } from '../../api/engine.ts'
import { howToGetAnother, offerFreshUrls } from './fresh-urls.ts'
import { removeRedirectPage, writeRedirectPage } from './redirect-page.ts'
import { exposure, serve } from './serve.ts'
import { untilStopped } from './until-stopped.ts'

/** The server as a program of its own: `npm start` runs the built one where no window can be opened. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string' },
      store: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      model: { type: 'string' },
      device: { type: 'string' },
      notice: { type: 'string' },
      'export-dir': { type: 'string' },
    },
  })
  const port = values.port === undefined ? null : Number(values.port)
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new ExpectedError('usage', `--port takes a number from 0 to 65535, not "${values.port}".`)
  }

  const server = await serve({
    workspace: values.workspace,
    store: values.store,
    host: values.host,
    port,
    model: values.model,
    exportFolder: values['export-dir'],
    device: values.device === undefined ? undefined : deviceChoice.parse(values.device),
    notices: values.notice === undefined ? [] : [{ id: 'host', level: 'info', text: values.notice }],
  })
  const warning = exposure(values.host, server.port)
  if (warning) console.error(warning)
  // Whoever reads the URL may stop the server at once.
  const stopped = untilStopped()
  console.log(`LF-VILA Workbench is at ${server.url}`)
  console.log(howToGetAnother)
  const stopOffering = offerFreshUrls(server, url => console.log(`For another browser: ${url}`))
  // `npm start` opens a browser when it is told what to open.
  if (process.send) process.send({ page: await writeRedirectPage(server.workspace, server.freshUrl()) })
  await stopped
  stopOffering()
  await removeRedirectPage(server.workspace)
  await server.close()
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error instanceof ExpectedError ? error.message : error)
    process.exit(1)
  },
)
