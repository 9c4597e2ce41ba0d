import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import { JobQueue } from '../../../main/jobs/job-queue.ts'
import { enqueueScan } from '../../../main/library/scanning/scan-job.ts'
import { together } from '../../../main/library/scanning/scan.ts'
import { keys, openTestLibrary, writeVideo } from '../../unit/library/open-library.ts'
import { KillableProcess } from './processes/jobs-processes.ts'

it('a scan goes on after kill -9: every video once, with its captions, and hardly any examined twice', async () => {
  const test = openTestLibrary()
  try {
    const count = 60
    for (let i = 0; i < count; i += 1) {
      writeVideo(join(test.videos, `folder ${i % 4}`, `clip ${i}.mp4`))
      writeFileSync(
        join(test.videos, `folder ${i % 4}`, `clip ${i}.txt`),
        `Sentence one of clip ${i}.\nSentence two.\n`,
      )
    }
    await test.library.addFolder(test.videos)
    // The queue of this process must not do the work itself.
    await test.queue.close()
    const watching = new JobQueue(test.database)
    const { id } = enqueueScan(watching, { folderIds: null }, { title: 'Scanning' })
    const kills = 3
    for (let round = 0; round <= kills; round += 1) {
      const child = await KillableProcess.start('tests/fault/killed/processes/library-child.ts', [test.directory])
      await (round < kills ? child.sent(5 + 4 * round) : watching.wait(id))
      await child.kill()
    }
    expect(watching.get(id)).toMatchObject({
      state: 'succeeded',
      failures: [],
      progress: { done: count, total: count },
    })
    const { total, videos } = test.library.list(videoQuery.parse({}), keys)
    expect(total).toBe(count)
    expect(videos.every(video => video.state === 'ready' && video.sentences === 2)).toBe(true)
    expect(new Set(videos.map(video => video.path)).size).toBe(count)
    // A kill loses those that are examined together.
    expect(readFileSync(join(test.directory, 'probed.txt'), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(
      count + together * kills,
    )
    expect(test.database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    await watching.close()
  } finally {
    await test.close()
  }
})

it('a tag that was given is there after kill -9', async () => {
  const test = openTestLibrary()
  try {
    for (let i = 0; i < 40; i += 1) writeVideo(join(test.videos, `clip ${i}.mp4`))
    await test.library.addFolder(test.videos)
    await test.scan()
    const ids = test.library.list(videoQuery.parse({}), keys).videos.map(({ id }) => String(id))
    const told = 7
    const child = await KillableProcess.start('tests/fault/killed/processes/tags-child.ts', [test.directory, ...ids])
    await child.sent(told)
    await child.kill()
    const [one, two] = test.library.tags.list()
    expect(two?.videos).toBeGreaterThanOrEqual(told)
    // At most the change in flight is lost.
    expect((one?.videos ?? 0) - (two?.videos ?? 0)).toBeLessThanOrEqual(1)
    expect(test.database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  } finally {
    await test.close()
  }
})
