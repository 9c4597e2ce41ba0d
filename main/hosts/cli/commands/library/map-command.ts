import { writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import type { MapSubject, VideoMap } from '../../../../api/index.ts'
import { assertFree, writeOutput } from '../../../../storage/files/output-path.ts'
import { choice, text, UsageError } from '../../terminal/command.ts'
import type { CommandResult } from '../../terminal/command.ts'
import { followJob, sayUntrained, withWorkbench } from '../../terminal/session.ts'
import type { CommandContext } from '../../terminal/session.ts'

const mapMethods = ['umap', 'pca'] as const
type Method = (typeof mapMethods)[number]

/** A point of the map; `start` and `end` in seconds, `score` only where a text was given. */
interface MappedPoint {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly x: number
  readonly y: number
  readonly score?: number | null
}

/** The map of the library, computed where it is not current, as points. */
export async function mapLibrary(context: CommandContext): Promise<CommandResult> {
  const { values, signal, progress } = context
  const subject: MapSubject = values.clips === true ? 'clips' : 'videos'
  const asked = choice(values, 'method', mapMethods)
  const [query, out] = [text(values, 'text'), text(values, 'out')]
  const place = out === undefined ? null : { path: resolve(out), mark: null, overwrite: values.overwrite === true }
  if (place && !['.csv', '.json'].includes(extname(place.path))) {
    throw new UsageError(`--out takes a file that ends in .csv or .json, not "${out}".`)
  }
  if (place) await assertFree(place)
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const { jobId } = await client.map.start({ subject, anew: values.anew === true }, { signal })
      const job = await followJob(workbench, jobId, context)
      for (const { path, reason } of job.failures) progress.note(`${path}: ${reason}`)
      const { map, model, indexed, total } = await client.map.get({ subject }, { signal })
      if (job.state === 'failed' || !map) {
        return { json: null, text: job.problem ?? 'The map was not computed.', exitCode: 1 }
      }
      await sayUntrained(client, progress)
      if (indexed < total) {
        progress.note(`${total - indexed} of ${total} videos are not indexed for this map and are not on it.`)
      }
      const scored = query === undefined ? null : await client.map.scores({ subject, text: query }, { signal })
      for (const warning of scored?.warnings ?? []) progress.note(warning)
      const method: Method = asked ?? (map.neighbours === null ? 'pca' : 'umap')
      if (method === 'umap' && map.neighbours === null && map.points > 0) {
        progress.note('UMAP needs at least 12 points: these are principal components.')
      }
      const points = pointsOf(map, method, scored && floats(scored.scores))
      const json = { model, points: subject, method: map.neighbours === null ? 'pca' : method, map: points }
      if (place) {
        const content = extname(place.path) === '.json' ? JSON.stringify(json, null, 1) : csv(points)
        await writeOutput(place, path => writeFile(path, content))
      }
      const said = place ? `${points.length} points are in ${place.path}.` : csv(points).trimEnd()
      return { json, text: points.length > 0 ? said : 'Nothing is indexed, so the map is empty: index a folder first.' }
    },
    { runJobs: true },
  )
}

function pointsOf(map: VideoMap, method: Method, scores: Float32Array | null): MappedPoint[] {
  const coordinates = floats((method === 'umap' ? map.neighbours : null) ?? map.principal)
  const [start, end] = [floats(map.start), floats(map.end)]
  const [video, row] = [map.video, map.row].map(packed => new Int32Array(floats(packed).buffer))
  return Array.from({ length: map.points }, (_, point) => {
    const score = scores?.[row![point]!]
    return {
      path: map.videos.path[video![point]!]!,
      start: rounded(start[point]!, 3),
      end: rounded(end[point]!, 3),
      x: rounded(coordinates[2 * point]!, 6),
      y: rounded(coordinates[2 * point + 1]!, 6),
      ...(score === undefined ? {} : { score: Number.isNaN(score) ? null : rounded(score, 6) }),
    }
  })
}

const floats = (packed: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer)

/** Single precision has no more digits. */
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/** RFC 4180: quoted where needed, CRLF between records. */
function csv(points: readonly MappedPoint[]): string {
  const names = [
    'path',
    'start',
    'end',
    'x',
    'y',
    ...(points.some(one => 'score' in one) ? ['score' as const] : []),
  ] as const
  const field = (value: string | number | null | undefined) =>
    typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value ?? '')
  return [names, ...points.map(one => names.map(name => one[name]))]
    .map(row => `${row.map(field).join(',')}\r\n`)
    .join('')
}
