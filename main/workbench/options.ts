import type { AppInfo, Notice } from '../api/app.ts'
import type { DeviceChoice, PrecisionChoice } from '../api/engine.ts'
import type { EngineLauncher } from '../engine/launcher.ts'
import type { PartListener } from './lifecycle.ts'

/** The system's file dialogs, where the host has them. */
export interface Dialogs {
  pickFolder(): Promise<string | null>
  pickFiles(options: { title: string; extensions: string[] }): Promise<string[]>
}

export interface WorkbenchOptions {
  host: AppInfo['host']
  version: string
  /** Where everything is stored; the platform's data folder by default. */
  workspace?: string | undefined
  /** The vector store for this process only: a folder, or an address of LanceDB. */
  store?: string | undefined
  launchEngine?: EngineLauncher | undefined
  /** For this process only, in the place of the model and device chosen in the settings. */
  model?: string | undefined
  device?: DeviceChoice | undefined
  precision?: PrecisionChoice | undefined
  /** Bytes of decoded frames that training keeps, for this process only. */
  frameCache?: number | undefined
  dialogs?: Dialogs | undefined
  /** The program can ask for a new version of itself. */
  updates?: boolean | undefined
  /** For a served window: it names no programs and exports below this folder only; `<workspace>/exports` by default. */
  exportFolder?: string | undefined
  /**
   * Make the demo library when the workspace is new, and watch the opened folders: a window is looking. Default true.
   */
  demo?: boolean | undefined
  /** Run jobs: in a window also those that an earlier process left, on the command line only its own. Default true. */
  runJobs?: boolean | undefined
  /** Fallbacks that the host knows of. */
  notices?: Notice[] | undefined
  /**
   * Told of each part of the workbench that opens or closes; what it throws at an opening counts as that part's
   * failure.
   */
  onPart?: PartListener | undefined
}
