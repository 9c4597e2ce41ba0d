/** Gives a Node child the `process.parentPort` of an Electron utility process. */
process.parentPort = {
  postMessage: message => process.send(message),
  on: (_event, listener) => process.on('message', data => listener({ data })),
}
