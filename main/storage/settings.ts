import { readFileSync, renameSync } from 'node:fs'
import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { settings as schema } from '../api/app.ts'
import type { Notice, Settings } from '../api/app.ts'
import { writeFileAtomic } from './files/atomic-file.ts'

export const defaultSettings: Settings = {
  theme: 'dark',
  language: 'system',
  device: 'auto',
  precision: 'auto',
  sampling: 'fast',
  denseRate: 2,
  frameCache: 20e9,
  watch: true,
  ffmpeg: null,
  ffprobe: null,
  offline: false,
  updates: false,
  downloadMirror: null,
  vectorStore: null,
}

/** The user's settings, kept as a readable file. */
export class SettingsStore {
  /** Set when the file could not be used and the defaults stand in; to be shown. */
  readonly notice: Notice | null
  readonly #file: string
  #settings: Settings
  #writing: Promise<void> = Promise.resolve()

  /** Reads the file; a broken one is kept aside as `….broken` and the defaults are used. */
  constructor(file: string) {
    this.#file = file
    const { settings, problem } = read(file)
    this.#settings = settings
    this.notice = problem === null ? null : { id: 'settings-broken', level: 'warning', text: problem }
  }

  get(): Settings {
    return { ...this.#settings }
  }

  /** Takes effect at once; resolves when the file is written. Changes are written in their order. */
  async change(changes: Partial<Settings>): Promise<Settings> {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined)
    this.#settings = schema.parse({ ...this.#settings, ...Object.fromEntries(given) })
    const settings = this.get()
    const writing = this.#writing
      .catch(() => {})
      .then(() => writeFileAtomic(this.#file, `${JSON.stringify(settings, null, 2)}\n`))
    this.#writing = writing
    await writing
    return settings
  }
}

function read(file: string): { settings: Settings; problem: string | null } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { settings: defaultSettings, problem: null }
    }
    return {
      settings: defaultSettings,
      problem: english`The settings file ${file} cannot be read, so the default settings are used: check its permissions.`,
    }
  }
  try {
    // A setting that a newer version has added, or an older one did not have yet, is no reason to lose the others.
    return {
      settings: schema.parse({ ...defaultSettings, ...z.record(z.string(), z.unknown()).parse(JSON.parse(text)) }),
      problem: null,
    }
  } catch {
    return { settings: defaultSettings, problem: keepAside(file) }
  }
}

function keepAside(file: string): string {
  try {
    renameSync(file, `${file}.broken`)
    return english`The settings file was not readable as settings, so the default settings are used; the old file is kept as ${file}.broken.`
  } catch {
    return english`The settings file ${file} is not readable as settings, so the default settings are used: correct or delete it.`
  }
}
