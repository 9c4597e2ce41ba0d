import { EventEmitter } from 'node:events'

export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

type WindowOptions = Partial<Bounds> & { show?: boolean; webPreferences?: Record<string, unknown> }
type OpenHandler = (details: { url: string }) => { action: string }

/** An event that a listener can refuse, as Electron hands it out. */
export function cancellable<T extends object>(details: T): T & { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true
    },
  }
  return event
}

export class WebContents extends EventEmitter {
  readonly loaded: string[] = []
  reloads = 0
  openHandler: OpenHandler = () => ({ action: 'allow' })

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler
  }
  reload(): void {
    this.reloads += 1
  }
  getURL(): string {
    return this.loaded.at(-1) ?? ''
  }
}

export const windows: BrowserWindow[] = []
/** Told of every new window; `app` emits `web-contents-created` with it. */
export const creation = new EventEmitter()

export class BrowserWindow extends EventEmitter {
  static getFocusedWindow(): BrowserWindow | null {
    return windows.find(window => window.focused) ?? null
  }
  static getAllWindows(): BrowserWindow[] {
    return windows.filter(window => !window.destroyed)
  }

  readonly options: WindowOptions
  readonly webContents = new WebContents()
  bounds: Bounds
  maximised = false
  minimised = false
  visible: boolean
  focused = false
  destroyed = false

  constructor(options: WindowOptions = {}) {
    super()
    this.options = options
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 }
    this.visible = options.show ?? true
    windows.push(this)
    creation.emit('window', this)
    setImmediate(() => this.emit('ready-to-show'))
  }

  loadURL(url: string): Promise<void> {
    this.webContents.loaded.push(url)
    return Promise.resolve()
  }

  show(): void {
    this.visible = true
  }
  focus(): void {
    this.focused = true
  }
  maximize(): void {
    this.maximised = true
  }
  restore(): void {
    this.minimised = false
  }
  isMaximized(): boolean {
    return this.maximised
  }
  isMinimized(): boolean {
    return this.minimised
  }
  isDestroyed(): boolean {
    return this.destroyed
  }

  getNormalBounds(): Bounds {
    if (this.destroyed) throw new TypeError('Object has been destroyed')
    return this.bounds
  }

  close(): void {
    this.emit('close', cancellable({}))
    this.destroyed = true
    this.emit('closed')
  }
}
