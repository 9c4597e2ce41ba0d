import { arch, cpus, release, totalmem } from 'node:os'
import { english } from '../../native-models/english.ts'
import type { AppInfo, Settings } from '../api/app.ts'
import type { Finding, FindingSubject } from '../api/diagnostics.ts'
import type { Device, EngineStatus } from '../api/engine.ts'
import type { Job } from '../api/jobs.ts'
import type { Model } from '../api/models.ts'
import { freeSpace } from '../downloads/transfer/disk-space.ts'
import { ffmpegAbilities, findExecutable } from '../media/ffmpeg/executables.ts'
import type { MediaTool } from '../media/ffmpeg/executables.ts'
import type { Database } from '../storage/database.ts'
import { readLog } from './log-files.ts'

/** What is looked at, as the workbench has it open. */
export interface Diagnosed {
  readonly info: AppInfo
  readonly logFile: string
  readonly database: Pick<Database, 'prepare'>
  readonly settings: () => Settings
  readonly devices: () => Promise<Device[]>
  readonly status: () => EngineStatus
  readonly models: () => Promise<Model[]>
  readonly jobs: () => Job[]
}

/** Bytes below which a disk is told to be nearly full: an index of a few hundred videos and a run's checkpoints. */
const littleSpace = 2e9
/** What videos are mostly coded in. */
const usualCodecs = ['h264', 'hevc', 'vp9', 'av1', 'mpeg4']
/** Milliseconds for which errors in the log are told. */
const recent = 7 * 24 * 60 * 60 * 1000

type Told = Omit<Finding, 'subject'>

/** Looks at everything that the workbench stands on. What cannot be looked at is a fault of its own; nothing fails. */
export async function findings(diagnosed: Diagnosed): Promise<Finding[]> {
  const looks: [FindingSubject, () => Told | Promise<Told>][] = [
    ['program', () => program(diagnosed.info)],
    ['workspace', () => ({ state: 'fine', text: english`${diagnosed.info.workspace} can be read and written.` })],
    ['space', () => space(diagnosed.info.workspace)],
    ['database', () => database(diagnosed.database)],
    ['ffmpeg', () => ffmpeg()],
    ['ffprobe', () => tool('ffprobe')],
    ['devices', () => devices(diagnosed)],
    ['model', () => model(diagnosed)],
    ['jobs', () => jobs(diagnosed.jobs())],
    ['log', () => log(diagnosed.logFile)],
  ]
  const told: Finding[] = []
  for (const [subject, look] of looks) {
    told.push({
      subject,
      ...(await Promise.resolve()
        .then(look)
        .catch((error: unknown): Told => ({
          state: 'fault',
          text: error instanceof Error ? error.message : String(error),
        }))),
    })
  }
  return told
}

function program({ version, host }: AppInfo): Told {
  const { node, electron } = process.versions
  const [first] = cpus()
  const runtime = electron === undefined ? `Node.js ${node}` : `Electron ${electron}`
  const memory = Math.round(totalmem() / 2 ** 30)
  const processor = first?.model.trim() ?? english`unknown processor`
  return {
    state: 'fine',
    text: english`Version ${version} (${host}) on ${runtime}, ${process.platform} ${release()} ${arch()}; ${cpus().length} × ${processor}, ${memory} GiB of memory.`,
  }
}

async function space(workspace: string): Promise<Told> {
  const free = await freeSpace(workspace)
  if (free === null) {
    return { state: 'fine', text: english`The system does not tell how much is free on the disk of the workspace.` }
  }
  const gigabytes = (free / 1e9).toFixed(1)
  return free < littleSpace
    ? {
        state: 'warning',
        text: english`${gigabytes} GB are free on the disk of the workspace: free some space, or choose a workspace on another disk with --workspace.`,
      }
    : { state: 'fine', text: english`${gigabytes} GB are free on the disk of the workspace.` }
}

function database(opened: Diagnosed['database']): Told {
  const rows = opened.prepare('PRAGMA quick_check').all<{ quick_check: string }>()
  const problems = rows.map(row => row.quick_check).filter(text => text !== 'ok')
  return problems.length === 0
    ? { state: 'fine', text: english`The database is whole.` }
    : {
        state: 'fault',
        text: english`The database is damaged (${problems[0]}): close the workbench, move library.db out of the workspace, and open the folders again; models, runs and vectors stay.`,
      }
}

async function tool(name: MediaTool): Promise<Told> {
  return { state: 'fine', text: english`${await findExecutable(name)} can be run.` }
}

async function ffmpeg(): Promise<Told> {
  const path = await findExecutable('ffmpeg')
  const { version, decodes, encoders } = await ffmpegAbilities()
  const named = Number.isFinite(version[0])
    ? `ffmpeg ${version.join('.')}`
    : english`A recent development build of ffmpeg`
  const missing = [
    ...usualCodecs.filter(codec => !decodes.has(codec)).map(codec => english`decode ${codec}`),
    ...(encoders.has('libx264') || encoders.has('libvpx-vp9') || encoders.has('libvpx')
      ? []
      : [english`encode playable copies`]),
  ]
  return missing.length === 0
    ? { state: 'fine', text: english`${named} at ${path} decodes ${usualCodecs.join(', ')}.` }
    : {
        state: 'warning',
        text: english`${named} at ${path} cannot ${missing.join(', ')}: install a full build to read such videos.`,
      }
}

async function devices(diagnosed: Diagnosed): Promise<Told> {
  const found = await diagnosed.devices()
  const { device, fallback, restarts } = diagnosed.status()
  const refused = found.filter(({ usable }) => !usable).map(({ provider }) => provider)
  const crashed = restarts > 0 ? [english`The engine had to be started again ${restarts} times.`] : []
  return {
    state: fallback === null && restarts === 0 ? 'fine' : 'warning',
    text: [
      english`Computing on the device ‘${device}’.`,
      ...(fallback === null ? [] : [fallback]),
      ...crashed,
      ...(refused.length > 0
        ? [english`Refused: ${refused.join(', ')}; the reasons are in the table of devices.`]
        : []),
    ].join(' '),
  }
}

async function model(diagnosed: Diagnosed): Promise<Told> {
  const models = await diagnosed.models()
  const used = models.find(({ inUse }) => inUse)
  if (!used) return { state: 'fault', text: english`No model is in use: choose one on the Models page.` }
  const others = models.length === 1 ? '' : english`; ${models.length} models are registered`
  return {
    state: used.trained ? 'fine' : 'warning',
    text: used.trained
      ? english`‘${used.id}’ is in use${others}.`
      : english`‘${used.id}’ is in use, whose weights are random: its scores mean nothing${others}.`,
  }
}

function jobs(list: readonly Job[]): Told {
  const failed = list.filter(({ state }) => state === 'failed')
  const [newest] = failed
  return newest
    ? {
        state: 'warning',
        text: english`${failed.length} of ${list.length} jobs failed; the last: “${newest.title}”. ${newest.problem ?? ''}`.trim(),
      }
    : { state: 'fine', text: english`${list.length} jobs are kept, none of them failed.` }
}

async function log(file: string): Promise<Told> {
  const { entries, more } = await readLog(file, { least: 'error', count: 1000 })
  const late = entries.filter(({ time }) => time > Date.now() - recent)
  const [newest] = late
  return newest
    ? {
        state: 'warning',
        text: english`${more && late.length === entries.length ? english`More than ` : ''}${late.length} errors in the last seven days, see the log; the last: ${newest.text}`,
      }
    : { state: 'fine', text: english`The log has no error of the last seven days.` }
}
