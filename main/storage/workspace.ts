import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { makeFolderSync } from './files/make-folder.ts'
import { makePrivate } from './files/private.ts'

/** Where everything is stored. Absolute paths; the folders exist, the files need not. */
export interface Workspace {
  readonly root: string
  readonly databaseFile: string
  readonly settingsFile: string
  readonly vectorsDirectory: string
  readonly mapsDirectory: string
  readonly modelsDirectory: string
  /** What can be computed again: thumbnails, proxies. */
  readonly cacheDirectory: string
  readonly demoDirectory: string
  readonly logFile: string
}

/**
 * Opens the workspace, making its folders, which other users of the machine cannot look into. Without a directory:
 * LFVILA_WORKSPACE, else the platform's data folder.
 * @throws ExpectedError `workspace-unusable` when it cannot be made or written.
 */
export function openWorkspace(directory?: string): Workspace {
  const root = resolve(
    directory ?? (process.env.LFVILA_WORKSPACE || envPaths('LF-VILA Workbench', { suffix: '' }).data),
  )
  const workspace: Workspace = {
    root,
    databaseFile: join(root, 'library.db'),
    settingsFile: join(root, 'settings.json'),
    vectorsDirectory: join(root, 'vectors'),
    mapsDirectory: join(root, 'maps'),
    modelsDirectory: join(root, 'models'),
    cacheDirectory: join(root, 'cache'),
    demoDirectory: join(root, 'demo'),
    logFile: join(root, 'workbench.log'),
  }
  try {
    for (const folder of [root, workspace.vectorsDirectory, workspace.modelsDirectory, workspace.cacheDirectory]) {
      makeFolderSync(folder, 0o700)
    }
    accessSync(root, constants.R_OK | constants.W_OK)
    makePrivate(root)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ExpectedError(
      'workspace-unusable',
      `The workspace ${root} cannot be written (${reason}): choose another folder with --workspace or LFVILA_WORKSPACE.`,
      { cause: error },
    )
  }
  return workspace
}
