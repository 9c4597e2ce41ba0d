import { resolve } from 'node:path'
import { rememberedEdits } from '../../../../api/common/rules.ts'
import type { CaptionDraft, WorkbenchClient } from '../../../../api/index.ts'
import { UsageError } from '../../terminal/command.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { openVideo, withWorkbench } from '../../terminal/session.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** The captions of a video as they were edited in the window: shown, saved to their file, or given up. */
export function captions(context: CommandContext): Promise<CommandResult> {
  const { save, overwrite, revert } = context.values
  const [path] = context.positionals
  if (path === undefined && (save || overwrite || revert)) throw new UsageError('captions needs the video.')
  if (revert && (save || overwrite)) throw new UsageError('captions takes --save or --revert, not both.')
  return withWorkbench(context, async ({ client }) => {
    if (path === undefined) return listEdited(client)
    const { id } = await openVideo(client, resolve(path), context.signal)
    const draft = await client.captions.draft({ videoId: id })
    if (save || overwrite) return saveTo(client, draft, overwrite === true)
    if (revert) await giveUp(client, draft)
    return show(revert ? await client.captions.draft({ videoId: id }) : draft)
  })
}

async function listEdited(client: WorkbenchClient): Promise<CommandResult> {
  const json = await client.captions.edited()
  const rows = json.map(({ path, file, sentences }) => [path, file ?? 'no file', sentences])
  return {
    json,
    text: rows.length > 0 ? table(['video', 'not saved to', 'sentences'], rows) : 'All captions are saved.',
  }
}

async function saveTo(client: WorkbenchClient, draft: CaptionDraft, over: boolean): Promise<CommandResult> {
  const saved = await client.captions.save({ videoId: draft.videoId, revision: draft.revision, over })
  if (saved.outcome === 'changed') {
    return {
      json: { outcome: 'changed', file: saved.file },
      text: `${saved.file} is not as it was when the captions were read. Save over it with --overwrite, which keeps a copy, or take it with --revert.`,
      exitCode: 1,
    }
  }
  const { outcome, file, backup, remarks } = saved
  const kept = backup === null ? '' : ` As it was before, it is kept as ${backup}.`
  return { json: { outcome, file, backup, remarks }, text: `${file} was written.${kept}` }
}

async function giveUp(client: WorkbenchClient, draft: CaptionDraft): Promise<void> {
  const { fileHash, sentences } = await client.captions.file({ videoId: draft.videoId })
  const step = { what: 'revert' as const, at: 0, removed: draft.sentences, inserted: sentences }
  const done = [...draft.done, step].slice(-rememberedEdits)
  await client.captions.keep({ ...draft, fileHash, sentences, done, undone: [] })
}

function show({ file, edited, fileChanged, sentences }: CaptionDraft): CommandResult {
  const rows = sentences.map(({ text, start, end }) => [start?.toFixed(3) ?? '', end?.toFixed(3) ?? '', text])
  const state = edited ? `Edited, not saved to ${file ?? 'a file'}.` : `As ${file ?? 'no file'} has them.`
  return {
    json: { file, edited, changed: fileChanged, sentences },
    text: `${table(['from', 'to', 'sentence'], rows)}\n${state}`,
  }
}
