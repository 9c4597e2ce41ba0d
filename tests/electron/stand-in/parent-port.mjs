// Gives a forked process the `parentPort` that a utility process of Electron has: what arrives waits until somebody
// listens, and messages are structured clones, in which a Buffer is a plain array of bytes.
import { EventEmitter } from 'node:events'

const port = new EventEmitter()
const waiting = []
port.postMessage = message => process.send(structuredClone(message))
port.on('newListener', name => {
  if (name !== 'message' || port.listenerCount('message') > 0) return
  setImmediate(() => {
    for (const data of waiting.splice(0)) port.emit('message', { data, ports: [] })
  })
})
process.on('message', data => {
  if (port.listenerCount('message') === 0 || waiting.length > 0) waiting.push(data)
  else port.emit('message', { data, ports: [] })
})
process.on('disconnect', () => process.exit(0))
Object.defineProperty(process, 'parentPort', { enumerable: true, writable: false, value: port })
