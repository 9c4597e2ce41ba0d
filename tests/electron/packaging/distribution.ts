import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { standInFlags } from '../desktop-app.ts'

/** Electron's fuses begin behind these letters: version, number of fuses, and a state (`0` or `1`) for each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** As Electron is published: it may run as Node, reads NODE_OPTIONS, can be inspected, and has `file:` privileges. */
const published = '10110001'

/**
 * A folder as Electron's program is distributed in for Linux, whose executable runs the app beside it under the
 * stand-in. Node reads no archives: whoever starts it puts a folder in the place of `app.asar` first.
 */
export async function writeDistribution(folder: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true })
  const words = standInFlags.map(flag => `'${flag}'`).join(' ')
  const script = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export STAND_IN_RESOURCES="$here/resources"
exec '${process.execPath}' ${words} "$here/resources/app.asar/out/main/electron.js" "$@"
`
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, published.length]), Buffer.from(published)])
  await writeFile(join(folder, 'electron'), Buffer.concat([Buffer.from(script), wire, Buffer.from('\n')]))
  await chmod(join(folder, 'electron'), 0o755)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) await writeFile(join(folder, name), `${name}\n`)
}

/**
 * A program in the place of fpm, which electron-builder would download: it makes the same deb by `dpkg-deb`, without
 * compression, which would take minutes.
 */
export async function writeFpm(file: string): Promise<void> {
  const script = `#!/usr/bin/env node
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const options = {}
const lists = { '-d': [], '--deb-recommends': [] }
const files = []
for (let words = process.argv.slice(2); words.length > 0;) {
  const word = words.shift()
  if (word === '--force' || word === '--debug') continue
  if (word in lists) lists[word].push(words.shift())
  else if (word.startsWith('-')) options[word] = words.shift()
  else files.push(word.split('='))
}
const tree = mkdtempSync(join(dirname(options['--package']), 'tree-'))
for (const [from, to] of files) {
  mkdirSync(join(tree, dirname(to)), { recursive: true })
  execFileSync('cp', ['-al', from.replace(/\\/$/, ''), join(tree, to)])
}
mkdirSync(join(tree, 'DEBIAN'))
for (const [option, name] of [['--after-install', 'postinst'], ['--after-remove', 'postrm']]) {
  copyFileSync(options[option], join(tree, 'DEBIAN', name))
  chmodSync(join(tree, 'DEBIAN', name), 0o755)
}
const fields = {
  Package: options['--name'],
  Version: options['--version'],
  Architecture: options['--architecture'],
  Maintainer: options['--maintainer'] + ' <nobody@example.org>',
  Depends: lists['-d'].join(', '),
  Recommends: lists['--deb-recommends'].join(', '),
  Priority: options['--deb-priority'],
  Homepage: options['--url'],
  Description: options['--description'],
}
const control = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => name + ': ' + value)
writeFileSync(join(tree, 'DEBIAN', 'control'), control.join('\\n') + '\\n')
execFileSync('dpkg-deb', ['-Znone', '--root-owner-group', '--build', tree, options['--package']])
rmSync(tree, { recursive: true })
`
  await writeFile(file, script)
  await chmod(file, 0o755)
}
