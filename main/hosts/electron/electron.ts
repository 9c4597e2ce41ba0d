import { rendererFolder } from '../installation.ts'
import { readRendererFiles } from '../renderer-files.ts'
import { startDesktopApp } from './desktop-app.ts'
import { serveApp } from './protocols/app-protocol.ts'

startDesktopApp({ serve: async () => serveApp(await readRendererFiles(rendererFolder)) })
