import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const here = (path: string) => resolve(import.meta.dirname, path)

/** Three bundles: the main process (with the engine, the process that reads strangers' files, two threads and the headless hosts as further entries), the preload, the renderer. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // The same files run inside Electron and under the oldest Node that is supported.
      target: 'node20.19',
      rolldownOptions: {
        input: {
          electron: here('main/hosts/electron/electron.ts'),
          server: here('main/hosts/server/server.ts'),
          lfvila: here('main/hosts/cli/lfvila.ts'),
          engine: here('main/engine/process.ts'),
          reading: here('main/reading-process/process.ts'),
          sampling: here('main/media/sampling-thread/thread.ts'),
          compile: here('main/programs/compile-thread.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
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
    plugins: [vue()],
  },
})
