import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineStatus } from '../../main/api/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import type { EngineOptions } from '../../main/engine/engine.ts'
import { forkLauncher } from '../../main/engine/launcher.ts'
import { folderOfTest } from '../support/folders.ts'
import { averaging, matrixPower } from '../unit/engine/matrix-programs.ts'

/** Hundreds of products of this size keep the engine busy for many seconds: time enough to fail in the middle. */
const size = 1024
const long = matrixPower(size, 400)
const short = matrixPower(64, 1)

let engine: Engine
const start = (options: Partial<EngineOptions> = {}) => {
  engine = new Engine({ launch: forkLauncher(), ...options })
  return engine
}
afterEach(() => engine.close())

async function until(engine: Engine, state: EngineStatus['state']): Promise<void> {
  if (engine.status().state === state) return
  await new Promise<void>(resolve => {
    const stop = engine.onStatus(status => {
      if (status.state === state) {
        stop()
        resolve()
      }
    })
  })
}

describe('the engine process', () => {
  it('killed in the middle of a run rejects that run, keeps the queue, and works again with the same session', async () => {
    const engine = start()
    const states: string[] = []
    const busy = await engine.load(long)
    const small = await engine.load(short)
    await engine.run(small, { x: averaging(64) })
    engine.onStatus(({ state }) => {
      if (states.at(-1) !== state) states.push(state)
    })

    const lost = engine.run(busy, { x: averaging(size) })
    const queued = engine.run(small, { x: averaging(64) })
    const killed = engine.pid!
    const crashed = expect(lost).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('signal SIGKILL'),
    })
    await until(engine, 'running')
    process.kill(killed, 'SIGKILL')
    await crashed
    const { y } = await queued
    expect(y!.data[0]).toBeCloseTo(1 / 64, 6)
    expect(engine.pid).not.toBe(killed)
    expect(engine.status()).toMatchObject({ restarts: 1, device: 'cpu', fallback: null })
    await until(engine, 'idle')
    expect(states).toEqual(['running', 'crashed', 'starting', 'running', 'idle'])
  })

  it('killed while idle is started again by the next run', async () => {
    const engine = start()
    const session = await engine.load(short)
    await until(engine, 'idle')
    process.kill(engine.pid!, 'SIGKILL')
    await until(engine, 'crashed')
    const { y } = await engine.run(session, { x: averaging(64) })
    expect(y!.data[5]).toBeCloseTo(1 / 64, 6)
    expect(engine.status().restarts).toBe(1)
  })

  it.skipIf(process.platform === 'win32')('that gives no answer is ended by the watchdog and replaced', async () => {
    const engine = start({ answerLimit: 4_000 })
    const session = await engine.load(short)
    // A stopped process is what a hung driver looks like from outside.
    process.kill(engine.pid!, 'SIGSTOP')
    await expect(engine.run(session, { x: averaging(64) })).rejects.toMatchObject({
      code: 'engine-hung',
      message: expect.stringContaining('4 s'),
    })
    const { y } = await engine.run(session, { x: averaging(64) })
    expect(y!.data[0]).toBeCloseTo(1 / 64, 6)
  })

  it('that cannot even start says so once per call, without a loop', async () => {
    const engine = start({ launch: forkLauncher({ NODE_OPTIONS: '--no-such-flag' }) })
    await expect(engine.ping()).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining('--no-such-flag'),
    })
    expect(engine.status().state).toBe('crashed')
  })

  it('is gone after close, and unanswered calls are rejected', async () => {
    const engine = start()
    const session = await engine.load(long)
    const lost = engine.run(session, { x: averaging(size) })
    const queued = engine.ping()
    const pid = engine.pid!
    const outcome = Promise.allSettled([lost, queued])
    await engine.close()
    for (const settled of await outcome) {
      expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'engine-closed' } })
    }
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('cancelling', () => {
  it('rejects a run in flight at once and drops a queued one, and the session stays usable', async () => {
    const engine = start()
    const busy = await engine.load(matrixPower(size, 60))
    const small = await engine.load(short)
    const controller = new AbortController()
    const inFlight = engine.run(busy, { x: averaging(size) }, { signal: controller.signal })
    const queued = engine.run(busy, { x: averaging(size) }, { signal: controller.signal })
    const cancelled = Promise.allSettled([inFlight, queued])
    await until(engine, 'running')
    controller.abort(new Error('cancelled by the user'))
    for (const settled of await cancelled) {
      expect(settled).toMatchObject({ status: 'rejected', reason: { message: 'cancelled by the user' } })
    }
    // The engine still computes what nobody waits for any more.
    expect(engine.status().state).toBe('running')
    const { y } = await engine.run(small, { x: averaging(64) })
    expect(y!.data[0]).toBeCloseTo(1 / 64, 6)
    expect(engine.status().restarts).toBe(0)
  })
})

describe('a program that is not one', () => {
  it('is refused with its path, and the engine lives on', async () => {
    const folder = folderOfTest('engine')
    const truncated = join(folder, 'truncated.onnx')
    await writeFile(truncated, short.subarray(0, short.length / 2))
    const noise = join(folder, 'noise.onnx')
    await writeFile(noise, randomBytes(4096))
    const engine = start()
    for (const path of [truncated, noise, join(folder, 'missing.onnx')]) {
      await expect(engine.load(path)).rejects.toMatchObject({
        code: 'engine-load',
        message: expect.stringContaining(path),
      })
    }
    const session = await engine.load(short)
    const { y } = await engine.run(session, { x: averaging(64) })
    expect(y!.data[0]).toBeCloseTo(1 / 64, 6)
    expect(engine.status().restarts).toBe(0)
  })

  it('fed with the wrong inputs says what is missing', async () => {
    const engine = start()
    const session = await engine.load(short)
    await expect(engine.run(session, { video: averaging(64) })).rejects.toMatchObject({
      code: 'engine-run',
      message: expect.stringMatching(/needs x.*given video/),
    })
  })
})
