import { rendererFolder } from '../installation.ts'
import { readRendererFiles } from '../renderer-files.ts'
import { serveApp } from './app-protocol.ts'
import { startDesktopApp } from './desktop-app.ts'

startDesktopApp({ serve: async () => serveApp(await readRendererFiles(rendererFolder)) })
