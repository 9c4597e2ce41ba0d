import { defineConfig } from 'electron-vite'
import vue from '@vitejs/plugin-vue'
import { resolve } from 'node:path'

const here = (path: string) => resolve(import.meta.dirname, path)

/** Three bundles: the main process (with the engine and the headless hosts as further entries), the preload, the renderer. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: {
          electron: here('main/hosts/electron/electron.ts'),
          server: here('main/hosts/server/server.ts'),
          engine: here('main/engine/process.ts'),
        },
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: { input: { preload: here('main/hosts/electron/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: here('renderer'),
    build: { outDir: 'out/renderer', rollupOptions: { input: here('renderer/index.html') } },
    plugins: [vue()],
  },
})
