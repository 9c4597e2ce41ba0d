import { join, resolve } from 'node:path'
import type { AppInfo } from '../api/app.ts'
import type { Confinement } from './exports/confinement.ts'
import type { WorkbenchOptions } from './options.ts'

/** Null where the person who asks sits at the machine. */
export function confinementOf({ host, exportFolder }: WorkbenchOptions, workspace: string): Confinement | null {
  return host === 'server' ? { exportFolder: resolve(exportFolder ?? join(workspace, 'exports')) } : null
}

/** What the window is told of the program that it belongs to. */
export function appInfo(
  options: WorkbenchOptions,
  { workspace, confinement }: { readonly workspace: string; readonly confinement: Confinement | null },
): AppInfo {
  return {
    version: options.version,
    host: options.host,
    workspace,
    platform: process.platform,
    nativeDialogs: options.dialogs !== undefined,
    confined: confinement !== null,
    updates: options.updates ?? false,
    exportFolder: confinement?.exportFolder ?? workspace,
  }
}
