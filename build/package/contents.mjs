// What an app is made of: which packages are in it, by which licences, as text and as a bill of materials (CycloneDX).
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import asar from '@electron/asar'
import { root } from '../prepare.mjs'

const isLicence = name => /^(licen[cs]e|copying|notice)/i.test(name)

/** A package as its folder has it: name, version, licence, and the texts of its licence files. */
function describe(manifest, texts) {
  const { name, version, license, licenses, homepage } = manifest
  const licence = license?.type ?? license ?? licenses?.map(one => one.type).join(' OR ')
  if (!name || !version || !licence) {
    throw new Error(
      `${name ?? 'A package'} ${version ?? ''} is in the app and states no licence: find out before it is distributed.`,
    )
  }
  return { name, version, licence, homepage: homepage ?? null, texts }
}

/** Packages that lie in the archive or beside it. */
function packagesIn(archive) {
  const files = asar.listPackage(archive, { isPack: false }).map(path => path.replaceAll('\\', '/').slice(1))
  const read = path => asar.extractFile(archive, path).toString('utf8')
  return files
    .filter(path => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .map(path => {
      const folder = dirname(path)
      const licences = files.filter(file => dirname(file) === folder && isLicence(file.slice(folder.length + 1)))
      return describe(JSON.parse(read(path)), licences.map(read))
    })
}

/** Packages that have become part of the bundles; see bundled-packages.ts. */
function bundledPackages() {
  const lists = join(root, 'out', 'packages')
  if (!existsSync(lists)) throw new Error('out/packages is missing: run npm run build first.')
  const folders = readdirSync(lists).flatMap(name => JSON.parse(readFileSync(join(lists, name), 'utf8')))
  return folders.map(folder => {
    const read = name => readFileSync(join(root, folder, name), 'utf8')
    return describe(JSON.parse(read('package.json')), readdirSync(join(root, folder)).filter(isLicence).map(read))
  })
}

/** Every package that an app brings, once, by name. */
export function packagesOf(archive) {
  const found = new Map()
  for (const one of [...packagesIn(archive), ...bundledPackages()]) {
    const key = `${one.name}@${one.version}`
    if (!found.has(key) || found.get(key).texts.length === 0) found.set(key, one)
  }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name))
}

/** The licences of all of them, to be read. */
export function licenceText(packages) {
  const intro =
    'LF-VILA Workbench is made of the packages below. Electron and Chromium have their own files beside the program; ffmpeg, where it is part of the package, has its own beside its executables.'
  const parts = packages.map(({ name, version, licence, homepage, texts }) => {
    const text = [...new Set(texts.map(one => one.trim()))].join('\n\n') || `(The package carries no text of it.)`
    return `${name} ${version}: ${licence}${homepage ? `\n${homepage}` : ''}\n\n${text}`
  })
  return `${[intro, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** All packages of the lockfile as npm describes them. */
function npmBill() {
  const npm = process.env.npm_execpath
  const words = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }
  const result = npm
    ? spawnSync(process.execPath, [npm, ...words], options)
    : spawnSync('npm', words, { ...options, shell: process.platform === 'win32' })
  if (result.status !== 0) throw new Error(`npm sbom failed: ${result.stderr || result.error?.message}`)
  return JSON.parse(result.stdout)
}

/**
 * npm's bill of materials, of what is in this app and nothing else.
 * @param others components that no package is: Electron, ffmpeg.
 */
export function billOfMaterials(packages, others) {
  const bill = npmBill()
  const wanted = new Set(packages.map(({ name, version }) => `${name}@${version}`))
  const components = bill.components.filter(({ name, version }) => wanted.delete(`${name}@${version}`))
  if (wanted.size > 0) throw new Error(`In the app and not in the lockfile: ${[...wanted].join(', ')}.`)
  const kept = new Set([bill.metadata.component, ...components].map(one => one['bom-ref']))
  return {
    ...bill,
    components: [...components, ...others],
    dependencies: bill.dependencies
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(one => kept.has(one)) })),
  }
}
