import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { videoQuery } from '../../../main/api/library.ts'
import { LibraryWatcher } from '../../../main/library/scanning/watch.ts'
import type { ScannedDirectory } from '../../../main/library/scanning/scan.ts'
import { keys, openTestLibrary, writeVideo, type TestLibrary } from './open-library.ts'

const QUIET = 100
let test: TestLibrary
let watcher: LibraryWatcher
let told: ScannedDirectory[][]

beforeEach(async () => {
  test = openTestLibrary()
  told = []
  mkdirSync(path.join(test.videos, 'sub'))
  writeVideo(path.join(test.videos, 'old.mp4'))
  await test.library.addFolder(test.videos)
  await test.scan()
  watcher = new LibraryWatcher(test.library, {
    quiet: QUIET,
    onProblem: (sentence) => { throw new Error(sentence) },
    onChange: (within) => {
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

const states = () => test.library.list(videoQuery.parse({}), keys).videos.map((video) => `${video.name} ${video.state} ${video.sentences}`)
/** Waits for the watcher, which is as quick as the system's notifications. */
async function seen(expected: string[]): Promise<void> {
  for (const until = Date.now() + 15_000; Date.now() < until && JSON.stringify(states()) !== JSON.stringify(expected);) await sleep(50)
  expect(states()).toEqual(expected)
}

it('finds what comes, changes and goes, and looks only there', async () => {
  writeVideo(path.join(test.videos, 'sub/new.mp4'))
  await seen(['new.mp4 ready 0', 'old.mp4 ready 0'])
  expect(told.flat()).toEqual([{ directory: path.join(test.videos, 'sub'), recursive: false }])
  writeFileSync(path.join(test.videos, 'sub/new.txt'), 'One.\nTwo.\n')
  await seen(['new.mp4 ready 2', 'old.mp4 ready 0'])
  renameSync(path.join(test.videos, 'old.mp4'), path.join(test.videos, 'renamed.mp4'))
  await seen(['new.mp4 ready 2', 'renamed.mp4 ready 0'])
  rmSync(path.join(test.videos, 'sub'), { recursive: true })
  await seen(['new.mp4 missing 2', 'renamed.mp4 ready 0'])
  expect(test.probed).toHaveLength(2)
})

it('notices at its start what happened while nobody watched, and nothing else', async () => {
  await watcher.close()
  const restart = async (): Promise<void> => {
    watcher = new LibraryWatcher(test.library, {
      quiet: QUIET, onProblem: (sentence) => { throw new Error(sentence) }, onChange: (within) => {
        told.push(within)
        void test.scan({ folderIds: null, within })
      },
    })
    await watcher.ready()
  }
  await restart()
  await sleep(3 * QUIET)
  expect(told).toEqual([])
  await watcher.close()
  writeFileSync(path.join(test.videos, 'sub/text.mp4'), 'no video')
  rmSync(path.join(test.videos, 'old.mp4'))
  await restart()
  await seen(['old.mp4 missing 0', 'text.mp4 failed 0'])
  expect(told).toHaveLength(1)
  expect(told[0]?.map((scanned) => scanned.directory).sort()).toEqual([test.videos, path.join(test.videos, 'sub')])
  await watcher.close()
  told = []
  await restart()
  await sleep(3 * QUIET)
  expect(told).toEqual([])
  await watcher.close()
  writeVideo(path.join(test.videos, 'sub/text.mp4'))
  await restart()
  await seen(['old.mp4 missing 0', 'text.mp4 ready 0'])
})

it.skipIf(process.platform === 'win32')('watches a folder that was opened through a link', async () => {
  const real = path.join(test.directory, 'real')
  mkdirSync(real)
  const link = path.join(test.directory, 'link')
  symlinkSync(real, link)
  await test.library.addFolder(link)
  await sleep(400)
  await watcher.ready()
  writeVideo(path.join(real, 'new.mp4'))
  await seen(['new.mp4 ready 0', 'old.mp4 ready 0'])
  expect(test.library.videoByPath(path.join(link, 'new.mp4'))).not.toBeNull()
})

it('waits for a file that is being copied', async () => {
  const file = writeVideo(path.join(test.videos, 'copy.mp4'), 'begin')
  for (let i = 0; i < 12; i += 1) {
    await sleep(QUIET / 2)
    appendFileSync(file, 'more')
    expect(test.probed).not.toContain(file)
  }
  await seen(['copy.mp4 ready 0', 'old.mp4 ready 0'])
  expect(test.probed.filter((probed) => probed === file)).toHaveLength(1)
})

it('does not care for other files, and follows what is opened and removed', async () => {
  writeFileSync(path.join(test.videos, 'notes.pdf'), 'x')
  writeVideo(path.join(test.videos, '.part.mp4'))
  const second = path.join(test.directory, 'second')
  mkdirSync(second)
  const first = test.library.folders()[0]?.id ?? -1
  await test.library.addFolder(second)
  await test.library.removeFolder(first)
  await sleep(400)
  await watcher.ready()
  expect(told).toEqual([])
  writeVideo(path.join(test.videos, 'unwatched.mp4'))
  writeVideo(path.join(second, 'watched.mp4'))
  await seen(['watched.mp4 ready 0'])
  expect(told.flat()).toEqual([{ directory: second, recursive: false }])
})
