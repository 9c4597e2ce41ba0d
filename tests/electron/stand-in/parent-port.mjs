// Gives a forked process the `parentPort` that a utility process of Electron has.
import { EventEmitter } from 'node:events'

const port = new EventEmitter()
port.postMessage = message => process.send(message)
process.on('message', data => port.emit('message', { data, ports: [] }))
process.on('disconnect', () => process.exit(0))
process.parentPort = port
