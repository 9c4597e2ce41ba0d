import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../../storage/files/atomic-file.ts'

/**
 * A page on disk that only its owner can read and that leads to the URL: a browser is started with its path, because
 * the words of a command are shown to every user of the machine, and the token is among them.
 */
export async function writeRedirectPage(workspace: string, url: string): Promise<string> {
  const file = redirectPage(workspace)
  await writeFileAtomic(
    file,
    `<!doctype html><meta charset="utf-8"><title>LF-VILA Workbench</title><meta http-equiv="refresh" content="0; url=${url}"><a href="${url}">Open the workbench</a>\n`,
  )
  return file
}

export async function removeRedirectPage(workspace: string): Promise<void> {
  await rm(redirectPage(workspace), { force: true })
}

const redirectPage = (workspace: string): string => join(workspace, 'open-window.html')
