/// <reference types="vite/client" />

/** What the preload of the desktop app puts on the window; absent in a served page. */
interface WorkbenchBridge {
  readonly host: 'electron'
  /** Prefix of every media path, for instance `media://workbench/`. */
  readonly mediaBase: string
  /** Asks the main process for a message port; it arrives as a window message `workbench-port`. */
  connect(): void
  /** Where a file lies that was dropped onto the window. */
  pathOf(file: File): string
}

interface Window {
  readonly workbench?: WorkbenchBridge
}
