import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { recordPackages } from './build/package/bundled-packages.ts'

const here = (path: string) => resolve(import.meta.dirname, path)

/** Where the page that is developed hears of changes; see `build/dev/desktop.ts`. */
const hotReload = { protocol: 'ws', host: 'localhost', port: 5173 }
const hotReloadUrl = `${hotReload.protocol}://${hotReload.host}:${hotReload.port}`

const allowHotReload = {
  name: 'allow-hot-reload',
  transformIndexHtml: (html: string) => html.replace("connect-src 'self'", `connect-src 'self' ${hotReloadUrl}`),
}

/**
 * Packages of many small modules, which every process and thread would load one by one: as part of the bundles they
 * start a tenth of a second of processor time sooner, and without what is not used of them.
 */
const bundled = ['zod', '@bufbuild/protobuf', '@orpc/client', '@orpc/contract', '@orpc/server', 'yaml', 'yauzl']

/**
 * Three bundles: the main process (with the engine, the process that reads strangers' files, four threads and the
 * headless hosts as further entries), the preload, the renderer. `npm run dev -- --desktop` builds another main
 * process, into a folder of its own.
 */
export default defineConfig(({ command }) => ({
  main: {
    plugins: command === 'serve' ? [] : [recordPackages(here('.'), 'main')],
    build: {
      externalizeDeps: { exclude: bundled },
      outDir: command === 'serve' ? 'out/dev' : 'out/main',
      // The same files run inside Electron and under the oldest Node that is supported.
      target: 'node20.19',
      rolldownOptions: {
        input: {
          electron: here(command === 'serve' ? 'build/dev/desktop.ts' : 'main/hosts/electron/electron.ts'),
          server: here('main/hosts/server/server.ts'),
          lfvila: here('main/hosts/cli/lfvila.ts'),
          engine: here('main/engine/process.ts'),
          reading: here('main/reading-process/process.ts'),
          sampling: here('main/media/sampling-thread/thread.ts'),
          compile: here('main/programs/compile-thread.ts'),
          projection: here('main/map/projection/thread.ts'),
          scan: here('main/retrieval/vectors/scan/thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    plugins: command === 'serve' ? [] : [recordPackages(here('.'), 'preload')],
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { preload: here('main/hosts/electron/preload.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('renderer'),
    build: {
      outDir: here('out/renderer'),
      minify: true,
      // Inlined pictures and fonts would be `data:` addresses, which the content security policy refuses.
      assetsInlineLimit: 0,
      rolldownOptions: { input: here('renderer/index.html') },
    },
    plugins: command === 'serve' ? [vue(), allowHotReload] : [vue(), recordPackages(here('.'), 'renderer')],
    server: {
      port: hotReload.port,
      strictPort: true,
      hmr: { ...hotReload, clientPort: hotReload.port, port: undefined },
    },
  },
}))
