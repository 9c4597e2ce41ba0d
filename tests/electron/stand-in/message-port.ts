import { EventEmitter } from 'node:events'
import type { MessagePort } from 'node:worker_threads'

/** Electron's MessagePortMain over a port of Node: the same events, and nothing arrives before `start`. */
export class MessagePortMain extends EventEmitter {
  readonly #port: MessagePort
  #closed = false

  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.once('close', () => {
      this.#closed = true
      this.emit('close')
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  start(): void {
    this.#port.on('message', data => this.emit('message', { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message)
  }

  close(): void {
    this.#port.close()
  }
}
