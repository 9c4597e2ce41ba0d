import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { videoQuery } from '../../../main/api/library/video-rules.ts'
import type { ScannedDirectory } from '../../../main/library/scanning/scan.ts'
import { LibraryWatcher } from '../../../main/library/scanning/watch.ts'
import { keys, openTestLibrary, writeVideo } from './open-library.ts'
import type { TestLibrary } from './open-library.ts'

const quiet = 100
let test: TestLibrary
let watcher: LibraryWatcher
let told: ScannedDirectory[][]

beforeEach(async () => {
  test = openTestLibrary()
  told = []
  mkdirSync(join(test.videos, 'sub'))
  writeVideo(join(test.videos, 'old.mp4'))
  await test.library.addFolder(test.videos)
  await test.scan()
  watcher = new LibraryWatcher(test.library, {
    quiet: quiet,
    onProblem: sentence => {
      throw new Error(sentence)
    },
    onChange: within => {
      told.push(within)
      void test.scan({ folderIds: null, within })
    },
  })
  await watcher.ready()
})
afterEach(async () => {
  await watcher.close()
  await test.close()
})

const states = () =>
  test.library.list(videoQuery.parse({}), keys).videos.map(video => `${video.name} ${video.state} ${video.sentences}`)
/** Waits for the watcher, which is as quick as the system's notifications. */
async function seen(expected: string[]): Promise<void> {
  for (
    const until = Date.now() + 15_000;
    Date.now() < until && JSON.stringify(states()) !== JSON.stringify(expected);
  ) {
    await sleep(50)
  }
  expect(states()).toEqual(expected)
}

/** A new video is all that is told of: what would have been told before it was not. */
async function onlyTold(name: string, others: string[]): Promise<void> {
  writeVideo(join(test.videos, name))
  await seen([...others, `${basename(name)} ready 0`].sort())
  expect(told.flat()).toEqual([{ directory: dirname(join(test.videos, name)), recursive: false }])
}

let markers = 0
/**
 * Waits until the watcher has heard of all folders that are opened now: one more is opened, and the watcher listens to
 * the library for longer than what waits for the news here.
 */
async function followed(): Promise<void> {
  const marker = join(test.directory, `marker ${markers++}`)
  mkdirSync(marker)
  const tells = new Promise<void>(resolve => {
    const stop = test.library.onChange(() => {
      stop()
      resolve()
    })
  })
  await test.library.addFolder(marker)
  await tells
  await watcher.ready()
}

it('finds what comes, changes and goes, and looks only there', async () => {
  writeVideo(join(test.videos, 'sub/new.mp4'))
  await seen(['new.mp4 ready 0', 'old.mp4 ready 0'])
  expect(told.flat()).toEqual([{ directory: join(test.videos, 'sub'), recursive: false }])
  writeFileSync(join(test.videos, 'sub/new.txt'), 'One.\nTwo.\n')
  await seen(['new.mp4 ready 2', 'old.mp4 ready 0'])
  renameSync(join(test.videos, 'old.mp4'), join(test.videos, 'renamed.mp4'))
  await seen(['new.mp4 ready 2', 'renamed.mp4 ready 0'])
  rmSync(join(test.videos, 'sub'), { recursive: true })
  await seen(['new.mp4 missing 2', 'renamed.mp4 ready 0'])
  expect(test.probed).toHaveLength(2)
})

it('notices at its start what happened while nobody watched, and nothing else', async () => {
  await watcher.close()
  const restart = async (): Promise<void> => {
    watcher = new LibraryWatcher(test.library, {
      quiet: quiet,
      onProblem: sentence => {
        throw new Error(sentence)
      },
      onChange: within => {
        told.push(within)
        void test.scan({ folderIds: null, within })
      },
    })
    await watcher.ready()
  }
  await restart()
  await onlyTold('first.mp4', ['old.mp4 ready 0'])
  await watcher.close()
  told = []
  writeFileSync(join(test.videos, 'sub/text.mp4'), 'no video')
  rmSync(join(test.videos, 'old.mp4'))
  await restart()
  await seen(['first.mp4 ready 0', 'old.mp4 missing 0', 'text.mp4 failed 0'])
  expect(told).toHaveLength(1)
  expect(told[0]?.map(scanned => scanned.directory).sort()).toEqual([test.videos, join(test.videos, 'sub')])
  await watcher.close()
  told = []
  await restart()
  await onlyTold('sub/second.mp4', ['first.mp4 ready 0', 'old.mp4 missing 0', 'text.mp4 failed 0'])
  await watcher.close()
  writeVideo(join(test.videos, 'sub/text.mp4'))
  await restart()
  await seen(['first.mp4 ready 0', 'old.mp4 missing 0', 'second.mp4 ready 0', 'text.mp4 ready 0'])
})

it.skipIf(process.platform === 'win32')('watches a folder that was opened through a link', async () => {
  const real = join(test.directory, 'real')
  mkdirSync(real)
  const link = join(test.directory, 'link')
  symlinkSync(real, link)
  await test.library.addFolder(link)
  await followed()
  writeVideo(join(real, 'new.mp4'))
  await seen(['new.mp4 ready 0', 'old.mp4 ready 0'])
  expect(test.library.videoByPath(join(link, 'new.mp4'))).not.toBeNull()
})

it('waits for a file that is being copied', async () => {
  const file = writeVideo(join(test.videos, 'copy.mp4'), 'begin')
  // On a busy machine a copy may halt for so long that it counts as done.
  let [last, halted] = [performance.now(), false]
  for (let i = 0; i < 12; i += 1) {
    await sleep(quiet / 2)
    appendFileSync(file, 'more')
    const now = performance.now()
    halted ||= now - last >= quiet
    last = now
    if (!halted) expect(test.probed).not.toContain(file)
  }
  await seen(['copy.mp4 ready 0', 'old.mp4 ready 0'])
  if (!halted) expect(test.probed.filter(probed => probed === file)).toHaveLength(1)
})

it('does not care for other files, and follows what is opened and removed', async () => {
  writeFileSync(join(test.videos, 'notes.pdf'), 'x')
  writeVideo(join(test.videos, '.part.mp4'))
  const second = join(test.directory, 'second')
  mkdirSync(second)
  const first = test.library.folders()[0]?.id ?? -1
  await test.library.addFolder(second)
  await test.library.removeFolder(first)
  await followed()
  expect(told).toEqual([])
  writeVideo(join(test.videos, 'unwatched.mp4'))
  writeVideo(join(second, 'watched.mp4'))
  await seen(['watched.mp4 ready 0'])
  expect(told.flat()).toEqual([{ directory: second, recursive: false }])
})
