// Makes `import … from 'electron'` of the built desktop app and `import('electron-updater')` find the
// stand-ins.
import { register } from 'node:module'

const standIns = Object.fromEntries(
  ['electron', 'electron-updater'].map(name => [name, new URL(`./${name}.ts`, import.meta.url).href]),
)
const hook = `const standIns = ${JSON.stringify(standIns)}
export function resolve(specifier, context, next) {
  return next(standIns[specifier] ?? specifier, context)
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
