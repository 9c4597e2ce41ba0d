import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What lies in a workspace. */
const ours =
  /^(library\.db(-wal|-shm)?|settings\.json(\.broken)?|workbench\.log|devices\.json|window\.json|open-window\.html|vectors|models|cache|demo|downloads|runs|evaluations|exports|\..+\.part)$/
/** Mode bits of the group and of others. */
const others = 0o077

/**
 * Keeps other users of the machine out of a workspace: its folders and files are the owner's alone. A folder that holds
 * other things too, as a home or a shared one, keeps its own mode, and only what is ours in it is closed. Windows has
 * no such modes.
 */
export function makePrivate(root: string): void {
  if (process.platform === 'win32') return
  const names = readdirSync(root)
  const isOnlyOurs = names.every(name => ours.test(name))
  for (const file of [
    ...(isOnlyOurs ? [root] : []),
    ...names.filter(name => ours.test(name)).map(name => join(root, name)),
  ]) {
    try {
      const entry = lstatSync(file)
      // A link is someone's own arrangement.
      if (entry.isSymbolicLink() || entry.uid !== process.geteuid?.() || (entry.mode & others) === 0) continue
      chmodSync(file, entry.mode & ~others & 0o7777)
    } catch {
      // A file system without modes, or a file that has just gone.
    }
  }
}
