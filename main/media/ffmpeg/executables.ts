import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { machineProblem, startProblem, withAttempts } from './child-end.ts'
import { runChildProcess } from './child-process.ts'

export type MediaTool = 'ffmpeg' | 'ffprobe'

/** Paths a user has set; they go before everything else. */
export interface ExecutableSettings {
  readonly ffmpeg?: string | undefined
  readonly ffprobe?: string | undefined
}

/** What the found ffmpeg can do. */
export interface FfmpegAbilities {
  /** `[major, minor]`; a development build without a number counts as 4.0 or, from 2022 on, as the newest. */
  readonly version: readonly [number, number]
  /** Codec names, as ffprobe gives them, that can be decoded. */
  readonly decodes: ReadonlySet<string>
  /** Names of video and audio encoders, e.g. `libx264`, `libopus`. */
  readonly encoders: ReadonlySet<string>
}

/** The programs that read and decode videos, and what ffmpeg can do: what a thread need not find out again. */
export interface FoundExecutables {
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly abilities: FfmpegAbilities
}

let settings: ExecutableSettings = {}
const found = new Map<MediaTool, Promise<string>>()
const abilities = new Map<string, Promise<FfmpegAbilities>>()

/** Sets the explicit paths of the executables (from the user's settings) and forgets what was found before. */
export function configureExecutables(next: ExecutableSettings): void {
  settings = next
  found.clear()
}

/** Looks for the executables anew when they are needed next. */
export function forgetExecutables(): void {
  found.clear()
  abilities.clear()
}

/**
 * The path of ffmpeg or ffprobe: the user's setting, else LFVILA_FFMPEG / LFVILA_FFPROBE, else what the packaged
 * app brings, else PATH, else an npm package that carries it, if one happens to be installed.
 * @throws ExpectedError `ffmpeg-missing` that says what to install on this platform.
 */
export async function findExecutable(tool: MediaTool): Promise<string> {
  let search = found.get(tool)
  if (!search) {
    search = locate(tool)
    found.set(tool, search)
    // A missing program may be installed while the workbench runs: look again next time.
    search.catch(() => found.delete(tool))
  }
  return search
}

/** Asks ffmpeg, once per path, for its version and what it decodes and encodes. */
export async function ffmpegAbilities(): Promise<FfmpegAbilities> {
  const ffmpeg = await findExecutable('ffmpeg')
  let asked = abilities.get(ffmpeg)
  if (!asked) {
    asked = askAbilities(ffmpeg)
    abilities.set(ffmpeg, asked)
    asked.catch(() => abilities.delete(ffmpeg))
  }
  return asked
}

/** All that another thread needs to know. @throws ExpectedError as {@link findExecutable}. */
export async function foundExecutables(): Promise<FoundExecutables> {
  return {
    ffmpeg: await findExecutable('ffmpeg'),
    ffprobe: await findExecutable('ffprobe'),
    abilities: await ffmpegAbilities(),
  }
}

/** Takes what another thread has found. */
export function takeExecutables({ ffmpeg, ffprobe, abilities: known }: FoundExecutables): void {
  if (ffmpeg !== settings.ffmpeg || ffprobe !== settings.ffprobe) configureExecutables({ ffmpeg, ffprobe })
  abilities.set(ffmpeg, Promise.resolve(known))
}

/** The option before `passthrough` that lets every decoded frame through as it is. */
export async function everyFrameOnce(): Promise<string> {
  const {
    version: [major, minor],
  } = await ffmpegAbilities()
  return major > 5 || (major === 5 && minor >= 1) ? '-fps_mode' : '-vsync'
}

async function locate(tool: MediaTool): Promise<string> {
  const explicit = [
    { value: settings[tool], source: english`the settings` },
    {
      value: process.env[tool === 'ffmpeg' ? 'LFVILA_FFMPEG' : 'LFVILA_FFPROBE'],
      source: tool === 'ffmpeg' ? 'LFVILA_FFMPEG' : 'LFVILA_FFPROBE',
    },
  ].find(candidate => candidate.value)
  if (explicit?.value) {
    if (await isExecutable(explicit.value)) return explicit.value
    throw new ExpectedError(
      'ffmpeg-missing',
      `${explicit.source} name ${explicit.value} as ${tool}, but there is no program that can be run; correct the path or clear it.`,
    )
  }
  for (const folder of [...bundledFolders(), ...searchFolders()]) {
    const candidate = join(folder, process.platform === 'win32' ? `${tool}.exe` : tool)
    if (await isExecutable(candidate)) return candidate
  }
  for (const candidate of npmBinaries(tool)) {
    if (await isExecutable(candidate)) return candidate
  }
  throw new ExpectedError(
    'ffmpeg-missing',
    `${tool} was not found, and no video can be read without it: ${installAdvice(process.platform)}`,
  )
}

/** Beside the archive that a packaged app consists of; `build/package` puts it there. */
function bundledFolders(): string[] {
  const resources = /^(.*)[\\/]app\.asar[\\/]/.exec(fileURLToPath(import.meta.url))?.[1]
  return resources === undefined ? [] : [join(resources, 'ffmpeg')]
}

/** PATH, and where package managers put ffmpeg when a desktop app is started without the shell's PATH. */
function searchFolders(): string[] {
  const fromPath = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  const usual =
    process.platform === 'darwin'
      ? ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin']
      : process.platform === 'linux'
        ? ['/usr/local/bin', '/usr/bin', '/snap/bin']
        : []
  return [...new Set([...fromPath, ...usual])]
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

const npmPackages: Readonly<Record<MediaTool, readonly string[]>> = {
  ffmpeg: ['ffmpeg-static', '@ffmpeg-installer/ffmpeg'],
  ffprobe: ['ffprobe-static', '@ffprobe-installer/ffprobe'],
}

function npmBinaries(tool: MediaTool): string[] {
  const require = createRequire(import.meta.url)
  const binaries: string[] = []
  for (const name of npmPackages[tool]) {
    let exported: unknown
    try {
      exported = require(name)
    } catch {
      continue
    }
    const file = typeof exported === 'object' && exported !== null && 'path' in exported ? exported.path : exported
    // Electron cannot run a program from inside its archive; packaging unpacks it beside.
    if (typeof file === 'string') binaries.push(file.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'))
  }
  return binaries
}

/** What to type to install ffmpeg (which brings ffprobe) on a platform. */
export function installAdvice(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'linux':
      return english`install it with “sudo apt install ffmpeg” (Debian, Ubuntu), “sudo dnf install ffmpeg-free” (Fedora) or “sudo pacman -S ffmpeg” (Arch), or set its path in Settings.`
    case 'darwin':
      return english`install it with “brew install ffmpeg”, or set its path in Settings.`
    case 'win32':
      return english`install it with “winget install Gyan.FFmpeg” and start the workbench again, or set its path in Settings.`
    default:
      return english`install ffmpeg from https://ffmpeg.org/download.html, or set its path in Settings.`
  }
}

async function askAbilities(ffmpeg: string): Promise<FfmpegAbilities> {
  const ask = (flag: string): Promise<{ output: string; errorText: string }> =>
    withAttempts(undefined, async () => {
      const { output, ...end } = await runChildProcess(ffmpeg, [flag]).catch((error: unknown) => {
        throw startProblem(ffmpeg, error) ?? error
      })
      // To these questions no file is needed: whatever fails here is the program.
      const problem =
        machineProblem(ffmpeg, end) ?? (end.exitCode === 0 ? null : machineProblem(ffmpeg, { ...end, exitCode: 127 }))
      if (problem) throw problem
      return { output: output.toString('utf8'), errorText: end.errorText }
    })
  // One start tells all, which some builds of ffmpeg take a quarter of a second for: the banner names the version.
  const { output, errorText } = await ask('-codecs')
  const banner = /^ffmpeg version .*/m.exec(errorText)?.[0]
  return { version: parseVersion(banner ?? (await ask('-version')).output), ...parseCodecs(output) }
}

/**
 * What the rows of `ffmpeg -codecs` name: ` DEV.LS h264  H.264 (decoders: h264 h264_qsv ) (encoders: libx264 )`. Where
 * no encoders are listed, the only one has the name of its codec.
 */
function parseCodecs(text: string): Pick<FfmpegAbilities, 'decodes' | 'encoders'> {
  const rows = [...text.matchAll(/^ ([D.])([E.])([A-Z])\S+ (\w\S*)(.*)$/gm)]
  return {
    decodes: new Set(rows.flatMap(([, decodes, , kind, name = '']) => (decodes === 'D' && kind === 'V' ? [name] : []))),
    encoders: new Set(
      rows.flatMap(([, , encodes, kind, name = '', rest = '']) => {
        if (encodes !== 'E' || !(kind === 'V' || kind === 'A')) return []
        return /\(encoders: ([^)]*)\)/.exec(rest)?.[1]?.trim().split(/\s+/) ?? [name]
      }),
    ),
  }
}

/**
 * `ffmpeg version 5.1.9-0+deb12u1 …` → [5, 1]. A development build without a number is told by its year: 5.0 came in
 * 2022.
 */
export function parseVersion(text: string): readonly [number, number] {
  const match = /^ffmpeg version n?(\d+)\.(\d+)/.exec(text)
  if (match) return [Number(match[1]), Number(match[2])]
  const year = /Copyright \(c\) \d+-(\d+)/.exec(text)?.[1]
  return Number(year ?? Infinity) < 2022 ? [4, 0] : [Infinity, 0]
}
