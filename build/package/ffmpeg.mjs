// Obtains the ffmpeg that is packaged: from a stated archive, with a stated checksum, and with its licence.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'

const builtins = new URL('./ffmpeg-builds.json', import.meta.url)
const isLicence = name => /^(licen[cs]e|copying|gpl)/i.test(name)
const programs = platform => ['ffmpeg', 'ffprobe'].map(name => (platform === 'win32' ? `${name}.exe` : name))

/**
 * The archives for a system, as in `linux-x64`: those of the environment, else those of ffmpeg-builds.json. None when
 * LFVILA_FFMPEG_ARCHIVE is `none`.
 * @throws with one sentence when nothing is stated, or no checksum.
 */
export async function statedArchives(target, env = process.env) {
  const archive = env.LFVILA_FFMPEG_ARCHIVE
  if (archive === 'none') return []
  const { builds } = JSON.parse(await readFile(builtins, 'utf8'))
  const archives = archive ? [{ address: archive, sha256: env.LFVILA_FFMPEG_ARCHIVE_SHA256 }] : (builds[target] ?? [])
  if (archives.length === 0) {
    throw new Error(
      `No ffmpeg is stated for ${target}: set LFVILA_FFMPEG_ARCHIVE and LFVILA_FFMPEG_ARCHIVE_SHA256, enter it in build/package/ffmpeg-builds.json, or set LFVILA_FFMPEG_ARCHIVE=none for a package that uses the system's.`,
    )
  }
  for (const { address, sha256 } of archives) {
    if (/^[0-9a-f]{64}$/i.test(sha256 ?? '')) continue
    throw new Error(`${address} is not used without the SHA-256 (64 hexadecimal digits) that its publisher states.`)
  }
  return archives
}

/**
 * Puts ffmpeg, ffprobe and their licence into a folder, and beside them `build.json`, which says where they come from.
 * @throws with one sentence when a checksum differs, or the archives lack a program or a licence, are built for another
 * system, or may not be distributed.
 */
export async function obtainFfmpeg(archives, target, into) {
  await mkdir(dirname(into), { recursive: true })
  const scratch = await mkdtemp(join(dirname(into), '.obtaining-'))
  try {
    const ready = join(scratch, 'ready')
    await mkdir(ready)
    for (const [index, archive] of archives.entries()) {
      const file = join(scratch, `${index}-${basename(new URL(archive.address, 'file:///').pathname)}`)
      await fetchChecked(archive, file)
      await unpack(file, ready)
    }
    const version = await examine(ready, target, archives)
    await writeFile(join(ready, 'build.json'), `${JSON.stringify({ version, archives }, null, 2)}\n`)
    await rm(into, { recursive: true, force: true })
    await rename(ready, into)
    return version
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function fetchChecked({ address, sha256 }, file) {
  const hash = createHash('sha256')
  const counted = async function* (chunks) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(await source(address), counted, createWriteStream(file))
  const actual = hash.digest('hex')
  if (actual === sha256.toLowerCase()) return
  throw new Error(`${address} has the SHA-256 ${actual}, and ${sha256} is stated: it is not used.`)
}

async function source(address) {
  if (!/^https?:/.test(address)) return createReadStream(address)
  const answer = await fetch(address, { signal: AbortSignal.timeout(15 * 60_000) })
  if (!answer.ok || !answer.body) throw new Error(`${address} answers ${answer.status}.`)
  return Readable.fromWeb(answer.body)
}

/** Takes the two programs and the licences out of an archive, whatever folders they lie in there. */
async function unpack(archive, into) {
  const wanted = name => /^(ffmpeg|ffprobe)(\.exe)?$/.test(name) || isLicence(name)
  if (/\.zip$/i.test(archive)) return unpackZip(archive, into, wanted)
  const tar = (...words) => {
    const { status, stdout, stderr, error } = spawnSync('tar', words, { encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (status !== 0) throw new Error(`${basename(archive)} could not be unpacked: ${error?.message ?? stderr}`)
    return stdout
  }
  const members = tar('-tf', archive)
    .split('\n')
    .filter(path => !path.endsWith('/') && wanted(basename(path)))
  if (members.length === 0) return
  const unpacked = await mkdtemp(join(into, '..', 'unpacked-'))
  tar('-xf', archive, '-C', unpacked, ...members)
  for (const member of members) await rename(join(unpacked, member), join(into, basename(member)))
}

function unpackZip(archive, into, wanted) {
  return new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true }, (problem, zip) => {
      if (problem) return reject(problem)
      zip.on('error', reject)
      zip.on('end', resolve)
      zip.on('entry', entry => {
        const name = basename(entry.fileName)
        if (entry.fileName.endsWith('/') || !wanted(name)) return zip.readEntry()
        zip.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure)
          pipeline(stream, createWriteStream(join(into, name))).then(() => zip.readEntry(), reject)
        })
      })
      zip.readEntry()
    })
  })
}

/** The system and processor that an executable is made for, by its first bytes; null when it is none of ours. */
async function madeFor(file) {
  const handle = await open(file)
  const head = Buffer.alloc(4096)
  await handle.read(head, 0, head.length, 0)
  await handle.close()
  if (head.readUInt32BE(0) === 0x7f454c46) return { 62: 'linux-x64', 183: 'linux-arm64' }[head.readUInt16LE(18)] ?? null
  if (head.readUInt32LE(0) === 0xfeedfacf) {
    return { 0x1000007: 'darwin-x64', 0x100000c: 'darwin-arm64' }[head.readUInt32LE(4)] ?? null
  }
  if (head.toString('latin1', 0, 2) !== 'MZ') return null
  const header = head.readUInt32LE(0x3c)
  if (header + 6 > head.length) return null
  return { 0x8664: 'win32-x64', 0xaa64: 'win32-arm64' }[head.readUInt16LE(header + 4)] ?? null
}

/** Looks at what was unpacked; returns the version that ffmpeg states, where it can be run here. */
async function examine(folder, target, archives) {
  const names = await readdir(folder)
  const where = archives.map(({ address }) => address).join(' and ')
  const needed = programs(target.split('-')[0])
  const missing = needed.find(name => !names.includes(name))
  if (missing !== undefined) throw new Error(`${where} holds no ${missing}.`)
  if (!names.some(isLicence)) {
    throw new Error(`${where} holds no licence (LICENSE, COPYING or GPL…), without which ffmpeg may not be passed on.`)
  }
  for (const name of needed) {
    const system = await madeFor(join(folder, name))
    if (system !== target) {
      throw new Error(`${name} of ${where} is made for ${system ?? 'another system'}, not ${target}.`)
    }
    await chmod(join(folder, name), 0o755)
  }
  if (target !== `${process.platform}-${process.arch}`) return 'not run'
  const { stdout, status, error } = spawnSync(join(folder, needed[0]), ['-version'], { encoding: 'utf8' })
  const version = /^ffmpeg version (\S+)/.exec(stdout ?? '')?.[1]
  if (status !== 0 || !version) {
    throw new Error(`ffmpeg of ${where} does not run here: ${error?.message ?? 'it says no version'}.`)
  }
  if (/--enable-nonfree/.test(stdout)) {
    throw new Error(`ffmpeg of ${where} is built with --enable-nonfree, which its licence allows nobody to pass on.`)
  }
  return version
}
