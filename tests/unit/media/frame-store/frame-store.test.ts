import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FrameStore, cachedFrames } from '../../../../main/media/frame-store/frame-store.ts'
import { unfinishedMark } from '../../../../main/storage/files/left-overs.ts'
import { folderOfTest } from '../../../support/folders.ts'

const disk = vi.hoisted(() => ({ full: false, free: Infinity, looks: 0 }))
vi.mock('node:fs/promises', async original => {
  const actual = await original<typeof import('node:fs/promises')>()
  return {
    ...actual,
    // No disk can be filled on every machine that runs this.
    open: (...args: Parameters<typeof actual.open>) =>
      disk.full && args[1] === 'wx'
        ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, open'), { code: 'ENOSPC' }))
        : actual.open(...args),
    readdir: ((...args: Parameters<typeof actual.readdir>) => {
      disk.looks += 1
      return actual.readdir(...args)
    }) as typeof actual.readdir,
    statfs: async (...args: Parameters<typeof actual.statfs>) => {
      const found = await actual.statfs(...args)
      return disk.free === Infinity ? found : { ...found, bavail: Math.floor(disk.free / Number(found.bsize)) }
    },
  }
})

let directory = ''
beforeEach(() => {
  directory = folderOfTest('frames')
})
afterEach(() => Object.assign(disk, { full: false, free: Infinity, looks: 0 }))

const frameSize = 300
const sequence = (seed: number, count = 4) => ({
  frames: Uint8Array.from({ length: frameSize * count }, (_, index) => (index * 31 + seed * 7) % 256),
  times: Array.from({ length: count }, (_, frame) => frame / 4),
})
const key = (seed: number): string => seed.toString(16).padStart(32, '0')
const store = (changes: { limit?: number; since?: number } = {}) =>
  new FrameStore({ directory, limit: 1e6, since: Date.now(), ...changes })
const file = (seed: number): string => join(directory, key(seed).slice(0, 2), `${key(seed)}.frames`)
const all = [0, 1, 2, 3]
const long = (seed: number) => utimes(file(seed), 1000 + seed, 1000 + seed)

describe('kept frames', () => {
  it('are read as they were written, all of them or some, also by another store', async () => {
    await store().write(key(1), sequence(1))
    expect(await store().read(key(1), frameSize, all)).toEqual(sequence(1))
    const some = await store().read(key(1), frameSize, [3, 1, 1, 2])
    expect(some?.times).toEqual([0.75, 0.25, 0.25, 0.5])
    for (const [place, frame] of [3, 1, 1, 2].entries()) {
      expect(some?.frames.subarray(place * frameSize, (place + 1) * frameSize)).toEqual(
        sequence(1).frames.subarray(frame * frameSize, (frame + 1) * frameSize),
      )
    }
    expect(await store().read(key(2), frameSize, all)).toBeNull()
    expect(await store().read(key(1), frameSize + 1, all)).toBeNull()
  })

  it.each([
    [
      'one byte of a picture is another',
      async (name: string) => {
        const bytes = await readFile(name)
        bytes[bytes.length - 5]! ^= 1
        await writeFile(name, bytes)
      },
    ],
    [
      'one byte of the header is another',
      async (name: string) => {
        const bytes = await readFile(name)
        bytes[20]! ^= 1
        await writeFile(name, bytes)
      },
    ],
    ['its end is missing', (name: string) => truncate(name, 900)],
    [
      'its end is zeros',
      async (name: string) => {
        await truncate(name, 900)
        await truncate(name, 1400)
      },
    ],
    ['nothing is left', (name: string) => truncate(name, 0)],
    ['it is something else', (name: string) => writeFile(name, 'LFF1'.repeat(500))],
  ])('count as none when %s', async (_, damage) => {
    const kept = store()
    await kept.write(key(1), sequence(1))
    await damage(file(1))
    expect(await kept.read(key(1), frameSize, all)).toBeNull()
    // The damaged file is gone, and the frames can be kept again.
    await expect(stat(file(1))).rejects.toThrow(/ENOENT/)
    await kept.write(key(1), sequence(1))
    expect(await kept.read(key(1), frameSize, all)).toEqual(sequence(1))
  })

  it('stay within the limit: what was used longest ago goes first', async () => {
    const before = store()
    for (const seed of [1, 2, 3]) await before.write(key(seed), sequence(seed))
    for (const seed of [1, 2, 3]) await long(seed)
    const bytes = (await stat(file(1))).size
    const now = store({ limit: 3.5 * bytes })
    // A use makes it the newest.
    expect(await now.read(key(1), frameSize, all)).not.toBeNull()
    await now.write(key(4), sequence(4))
    expect((await cachedFrames(directory)).map(entry => entry.key).sort()).toEqual([1, 3, 4].map(key))
    expect(now.takeNotices()).toEqual([])
    // A smaller limit holds at once for what is there.
    const smaller = store({ limit: 1.5 * bytes })
    await smaller.write(key(5), sequence(5))
    expect(await cachedFrames(directory)).toHaveLength(1)
  })

  it('are looked at when a sixteenth of the limit is new, not for each that finds it full', async () => {
    const before = store()
    for (let seed = 0; seed < 64; seed += 1) await before.write(key(seed), sequence(seed))
    for (let seed = 0; seed < 64; seed += 1) await long(seed)
    const bytes = (await stat(file(1))).size
    const now = store({ limit: 64 * bytes })
    disk.looks = 0
    for (let seed = 100; seed < 132; seed += 1) await now.write(key(seed), sequence(seed))
    // A look reads three lists; eight times four are the 32.
    expect(disk.looks).toBeLessThanOrEqual(3 * 8)
    const left = (await cachedFrames(directory)).map(entry => entry.key)
    expect(left).toEqual(expect.arrayContaining(Array.from({ length: 32 }, (_, at) => key(100 + at))))
    expect(left.length).toBeGreaterThan(58)
    expect(now.takeNotices()).toEqual([])
  })

  it('that the present work needs are not given up for others of it, which is said once', async () => {
    const one = await store()
      .write(key(9), sequence(9))
      .then(() => stat(file(9)))
    await rm(file(9))
    const kept = store({ limit: 2.5 * one.size, since: Date.now() - 1000 })
    for (const seed of [1, 2, 3, 4]) await kept.write(key(seed), sequence(seed))
    expect((await cachedFrames(directory)).map(entry => entry.key).sort()).toEqual([1, 2].map(key))
    expect(kept.takeNotices()).toEqual([expect.stringMatching(/no longer kept: the frame cache is full .* larger one/)])
    expect(kept.takeNotices()).toEqual([])
  })

  it('a full disk, or one that is almost full, ends the keeping and not the work; it is said once', async () => {
    const kept = store()
    await kept.write(key(1), sequence(1))
    disk.full = true
    for (const seed of [2, 3]) await kept.write(key(seed), sequence(seed))
    expect(kept.takeNotices()).toEqual([
      expect.stringMatching(/^Decoded frames are no longer kept: the disk is full\./),
    ])
    expect(kept.writes).toBe(false)
    expect(await kept.read(key(1), frameSize, all)).toEqual(sequence(1))
    expect(await readdir(join(directory, '00'))).toHaveLength(1)
    Object.assign(disk, { full: false, free: 1e6 })
    const other = store()
    await other.write(key(4), sequence(4))
    expect(other.takeNotices()).toEqual([expect.stringMatching(/the disk is almost full/)])
  })

  it('parts that a dead process left are removed, those of a living one are not', async () => {
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    await mkdir(join(directory, '00'))
    const of = (pid: number | undefined) => `.${unfinishedMark().replace(`-${process.pid}-`, `-${pid}-`)}.part`
    const [left, at] = [of(dead.pid), of(process.ppid)]
    for (const name of [left, at]) await writeFile(join(directory, '00', name), 'half')
    await store().write(key(1), sequence(1))
    expect((await readdir(join(directory, '00'))).sort()).toEqual([at, `${key(1)}.frames`])
  })

  it('two stores at once keep within one limit and give each other’s frames', async () => {
    const limit = 20_000
    const [one, other] = [store({ limit, since: 0 }), store({ limit, since: 0 })]
    await Promise.all(
      Array.from({ length: 40 }, (_, seed) => (seed % 2 ? one : other).write(key(seed % 10), sequence(seed % 10))),
    )
    for (let seed = 0; seed < 10; seed += 1) {
      const found = await (seed % 2 ? other : one).read(key(seed), frameSize, all)
      if (found) expect(found).toEqual(sequence(seed))
    }
    // Each looks again after a sixteenth of the limit.
    expect((await cachedFrames(directory)).reduce((sum, { size }) => sum + size, 0)).toBeLessThan(limit * 1.2)
  })
})
