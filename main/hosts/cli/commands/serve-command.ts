import { resolve } from 'node:path'
import { deviceChoice, precisionChoice } from '../../../api/engine.ts'
import { howToGetAnother, offerFreshUrls } from '../../server/fresh-urls.ts'
import { exposure, serve } from '../../server/serve.ts'
import { untilStopped } from '../../server/until-stopped.ts'
import { choice, text, wholeNumber } from '../terminal/command.ts'
import type { CommandContext } from '../terminal/session.ts'
import { storeOf } from '../terminal/session.ts'

/** Serves until Ctrl+C; the URL is printed as soon as it can be opened. */
export async function serveWindow(context: CommandContext): Promise<null> {
  const host = text(context.values, 'host') ?? '127.0.0.1'
  const port =
    text(context.values, 'port') === undefined ? null : wholeNumber(context.values, 'port', { least: 0, most: 65_535 })
  const workspace = text(context.values, 'workspace')
  const server = await serve({
    host,
    port,
    workspace: workspace === undefined ? undefined : resolve(workspace),
    store: storeOf(context.values),
    model: text(context.values, 'model'),
    exportFolder: text(context.values, 'export-dir'),
    device: choice(context.values, 'device', deviceChoice.options),
    precision: choice(context.values, 'precision', precisionChoice.options),
  })
  const warning = exposure(host, server.port)
  if (warning) context.progress.note(warning)
  process.stdout.write(
    context.json
      ? `${JSON.stringify({ url: server.url })}\n`
      : `LF-VILA Workbench is at ${server.url}\n${howToGetAnother}\n`,
  )
  const stopOffering = offerFreshUrls(server, url =>
    process.stdout.write(context.json ? `${JSON.stringify({ url })}\n` : `For another browser: ${url}\n`),
  )
  await untilStopped(context.signal)
  stopOffering()
  await server.close()
  return null
}
