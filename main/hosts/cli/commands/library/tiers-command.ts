import { resolve } from 'node:path'
import { tierForms } from '../../../../api/common/rules.ts'
import type { TiersTaken, WorkbenchClient } from '../../../../api/index.ts'
import { choice, text, UsageError } from '../../terminal/command.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { openVideo, withWorkbench } from '../../terminal/session.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

/** The tiers of a video: shown, taken from a session of ELAN, or written as one file. */
export function tiers(context: CommandContext): Promise<CommandResult> {
  const { values, positionals, signal } = context
  const [path = ''] = positionals
  const [read, as, out] = [text(values, 'read'), choice(values, 'as', tierForms), text(values, 'out')]
  const names = Array.isArray(values.tier) ? values.tier.map(String) : []
  const [captions, overwrite] = [values.captions === true, values.overwrite === true]
  if ((as === undefined) !== (out === undefined)) throw new UsageError('tiers takes --as and --out together.')
  if (read !== undefined && as !== undefined) throw new UsageError('tiers takes --read or --as, not both.')
  if (names.length > 0 && read === undefined) throw new UsageError('--tier names a tier of the file of --read.')
  if ((captions || overwrite) && as === undefined) throw new UsageError('--captions and --overwrite go with --as.')
  return withWorkbench(context, async ({ client }) => {
    const { id: videoId } = await openVideo(client, resolve(path), signal)
    if (read !== undefined) return take(client, { videoId, path: resolve(read), names })
    if (as === undefined || out === undefined) return show(client, videoId)
    const written = await client.tiers.write({ videoId, as, path: resolve(out), overwrite, captions })
    const told = `${written.path} was written: ${written.spans} spans in ${written.tiers} tiers.`
    return {
      json: written,
      text: written.labellingInterface
        ? `${told}\nThe labelling interface of the new project:\n${written.labellingInterface}`
        : told,
    }
  })
}

async function show(client: WorkbenchClient, videoId: number): Promise<CommandResult> {
  const found = await client.tiers.list({ videoId })
  const json = found.map(({ name, spans }) => ({ name, spans }))
  const rows = json.flatMap(({ name, spans }) =>
    spans.map(({ text: label, start, end }) => [name, start?.toFixed(3) ?? '', end?.toFixed(3) ?? '', label]),
  )
  const empty = json.filter(({ spans }) => spans.length === 0).map(({ name }) => `‘${name}’ has no spans yet.`)
  const lines = rows.length > 0 ? [table(['tier', 'from', 'to', 'label'], rows), ...empty] : empty
  return { json, text: lines.join('\n') || 'The video has no tiers.' }
}

async function take(
  client: WorkbenchClient,
  { videoId, path, names }: { readonly videoId: number; readonly path: string; readonly names: readonly string[] },
): Promise<CommandResult> {
  const wanted =
    names.length > 0 ? [...names] : (await client.tiers.found({ videoId, path })).tiers.map(one => one.name)
  if (wanted.length === 0) {
    return { json: { tiers: [], note: null }, text: `${path} has no tier with annotations.`, exitCode: 1 }
  }
  const taken: TiersTaken = await client.tiers.read({ videoId, path, names: wanted })
  const lines = taken.tiers.map(
    ({ name, spans, left }) =>
      `‘${name}’: ${spans} spans${left > 0 ? `; ${left} annotations without text or times, or after the end, are left out` : ''}`,
  )
  return { json: taken, text: [...lines, ...(taken.note ? [taken.note] : [])].join('\n') }
}
