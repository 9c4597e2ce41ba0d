import type { Settings } from '../../api/app.ts'
import type { Downloads } from '../../downloads/downloads.ts'
import type { DeviceSelection } from '../../engine/devices/device-selection.ts'
import type { Library } from '../../library/videos/library.ts'
import { configureExecutables } from '../../media/ffmpeg/executables.ts'
import type { SettingsStore } from '../../storage/settings.ts'
import { assertNoProgram } from '../exports/confinement.ts'
import type { FolderWatch } from './folder-watch.ts'

export interface SettingsChangesParts {
  readonly settings: SettingsStore
  readonly devices: DeviceSelection
  readonly downloads: Downloads
  readonly library: Library
  /** Null where nobody looks on. */
  readonly watch: FolderWatch | null
  /** The window names no programs: see {@link assertNoProgram}. */
  readonly confined: boolean
  readonly onSettings: (settings: Settings) => void
}

/** Stores settings and has each part follow them at once. */
export class SettingsChanges {
  readonly #parts: SettingsChangesParts

  constructor(parts: SettingsChangesParts) {
    this.#parts = parts
  }

  /** @throws ExpectedError when a program is named where that is not allowed. */
  async apply(changes: Partial<Settings>): Promise<Settings> {
    const { settings, devices, downloads, library, watch, confined, onSettings } = this.#parts
    if (confined) assertNoProgram(changes, settings.get())
    const changed = await settings.change(changes)
    useExecutables(changed)
    watch?.set(changed.watch)
    downloads.settingsChanged()
    onSettings(changed)
    // Other sampling means other keys: what is indexed may be stale now.
    library.changed()
    if (changes.device !== undefined || changes.precision !== undefined) {
      await devices.choose(changed)
      library.changed()
    }
    return changed
  }
}

/** Has the programs used that the settings name. */
export function useExecutables({ ffmpeg, ffprobe }: Pick<Settings, 'ffmpeg' | 'ffprobe'>): void {
  configureExecutables({ ffmpeg: ffmpeg ?? undefined, ffprobe: ffprobe ?? undefined })
}
