import { resolve, sep } from 'node:path'
import type { Job, JobFailure, Video, WorkbenchClient } from '../../../../api/index.ts'
import type { Workbench } from '../../../../workbench/workbench.ts'
import type { CommandResult } from '../../terminal/command.ts'
import type { CommandContext } from '../../terminal/session.ts'
import { followJob, withWorkbench } from '../../terminal/session.ts'
import { table } from '../../terminal/table.ts'

const page = 1000

/** Every known video inside one of the folders. */
async function videosIn(client: WorkbenchClient, folders: string[]): Promise<Video[]> {
  const all: Video[] = []
  for (let offset = 0; ; offset += page) {
    const { videos, total } = await client.library.videos({ offset, limit: page })
    all.push(...videos)
    if (offset + page >= total) break
  }
  const inside = (path: string) =>
    folders.some(folder => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
  return all.filter(video => video.state !== 'missing' && inside(video.path))
}

/** Opens the folders that a command names, and finds the videos in them. */
export async function scanFolders(
  workbench: Workbench,
  context: CommandContext,
): Promise<{ folders: string[]; jobs: Job[]; videos: Video[] }> {
  const { client } = workbench
  const jobs: Job[] = []
  const folders: string[] = []
  for (const path of context.positionals) {
    const { folder, jobId } = await client.library.addFolder(
      { path: resolve(path), index: false, dense: false },
      { signal: context.signal },
    )
    folders.push(folder.path, resolve(path))
    jobs.push(await followJob(workbench, jobId, context))
  }
  return { folders, jobs, videos: await videosIn(client, folders) }
}

const isIndexed = (video: Video, dense: boolean) =>
  video.overview === 'indexed' && (!dense || video.dense === 'indexed')

/**
 * Opens folders and indexes what is new. What counts as indexed is read off the library before and after,
 * so that an interrupted index job that goes on at the start counts as well.
 */
export function indexFolders(context: CommandContext): Promise<CommandResult> {
  const started = performance.now()
  const dense = context.values.dense === true
  return withWorkbench(
    context,
    async workbench => {
      const { client } = workbench
      const before = new Set(
        (
          await videosIn(
            client,
            context.positionals.map(path => resolve(path)),
          )
        )
          .filter(video => isIndexed(video, dense))
          .map(video => video.id),
      )
      const { folders, jobs, videos: known } = await scanFolders(workbench, context)
      // What others have indexed into the same store was there before this command.
      if (workbench.workers.store.shared) {
        for (const video of known) if (isIndexed(video, dense)) before.add(video.id)
      }
      const waiting = known.filter(video => video.state === 'ready' && !isIndexed(video, dense))
      if (waiting.length > 0) {
        const { jobId } = await client.library.index(
          { videoIds: waiting.map(video => video.id), dense },
          { signal: context.signal },
        )
        jobs.push(await followJob(workbench, jobId, context))
      }
      // The document has no place for what stopped the whole job.
      const stopped = jobs.find(job => job.state === 'failed')?.problem
      if (stopped && context.json) context.progress.note(stopped)
      return summarise(await videosIn(client, folders), {
        before,
        jobs,
        dense,
        seconds: (performance.now() - started) / 1000,
      })
    },
    { runJobs: true },
  )
}

function summarise(
  videos: Video[],
  {
    before,
    jobs,
    dense,
    seconds,
  }: { readonly before: Set<number>; readonly jobs: Job[]; readonly dense: boolean; readonly seconds: number },
): CommandResult {
  const failed = new Map<string, string>()
  for (const video of videos) {
    if (video.state === 'failed') failed.set(video.path, video.problem ?? 'The video cannot be read.')
  }
  for (const failure of jobs.flatMap<JobFailure>(job => job.failures)) failed.set(failure.path, failure.reason)
  const indexed = videos.filter(video => isIndexed(video, dense) && !before.has(video.id)).length
  const skipped = videos.filter(video => isIndexed(video, dense) && before.has(video.id)).length
  const broken = jobs.find(job => job.state === 'failed')
  const warnings = videos.flatMap(video =>
    [...video.warnings, ...(video.captionProblem === null ? [] : [video.captionProblem])].map(reason => ({
      path: video.path,
      reason,
    })),
  )
  const json = {
    videos: videos.length,
    indexed,
    skipped,
    failed: [...failed].map(([path, reason]) => ({ path, reason })),
    warnings,
    seconds: Number(seconds.toFixed(3)),
  }
  const lines = [
    `${json.videos} videos: ${indexed} indexed, ${skipped} unchanged, ${failed.size} failed, in ${seconds.toFixed(1)} s.`,
  ]
  if (failed.size > 0) lines.push('', table(['failed', 'reason'], [...failed]))
  if (warnings.length > 0) {
    lines.push(
      '',
      table(
        ['warning about', 'what'],
        warnings.map(({ path, reason }) => [path, reason]),
      ),
    )
  }
  if (broken) lines.push('', broken.problem ?? 'The job failed.')
  return { json, text: lines.join('\n'), exitCode: broken ? 1 : 0 }
}
