import { afterEach, describe, expect, it } from 'vitest'
import { Engine } from '../../../main/engine/engine.ts'
import { enginePriority, forkLauncher } from '../../../main/engine/launcher.ts'
import { averaging, matrixPower } from './matrix-programs.ts'
import { swiftShader } from './swiftshader.ts'

const engines: Engine[] = []
const start = (environment: Record<string, string> = {}, device = 'cpu') => {
  const engine = new Engine({ launch: forkLauncher(environment), device })
  engines.push(engine)
  return engine
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map(engine => engine.close()))
})

describe('Engine', () => {
  it('answers calls in their order and reports its memory', async () => {
    const engine = start()
    expect(engine.status()).toEqual({ state: 'stopped', device: 'cpu', fallback: null, memory: null, restarts: 0 })
    const session = await engine.load(matrixPower(64, 2))
    const finished: number[] = []
    await Promise.all(
      [0, 1, 2, 3].map(async run => {
        await engine.run(session, { x: averaging(64) })
        finished.push(run)
      }),
    )
    expect(finished).toEqual([0, 1, 2, 3])
    expect(engine.status().memory).toBeGreaterThan(20e6)
    expect(await engine.ping()).toBe(engine.status().memory)
  })

  it('has an engine beside it that answers while its own run goes on, and ends with it', async () => {
    const beside = new Engine({ launch: forkLauncher(), environment: { [enginePriority]: 'normal' } })
    const engine = new Engine({ launch: forkLauncher(), beside })
    engines.push(engine)
    expect(engine.forAnswers).toBe(beside)
    const long = await engine.load(matrixPower(1024, 60))
    const short = await engine.forAnswers.load(matrixPower(8, 1))
    // Both processes are up; a search's text then takes a thousandth of what the segment takes.
    const finished: string[] = []
    await Promise.all([
      engine.run(long, { x: averaging(1024) }).then(() => finished.push('segment')),
      engine.forAnswers.run(short, { x: averaging(8) }).then(() => finished.push('text')),
    ])
    expect(finished).toEqual(['text', 'segment'])
    await engine.close()
    await expect(beside.ping()).rejects.toThrow('stopped')
  })

  it('sends what is waited for to its own device where that is no CPU, or where nothing is beside it', () => {
    const beside = new Engine({ launch: forkLauncher() })
    const gpu = new Engine({ launch: forkLauncher(), device: 'webgpu', beside })
    expect(gpu.forAnswers).toBe(gpu)
    const alone = new Engine({ launch: forkLauncher() })
    expect(alone.forAnswers).toBe(alone)
  })

  it('does not know a released session', async () => {
    const engine = start()
    const session = await engine.load(matrixPower(8, 1))
    await engine.release(session)
    await expect(engine.run(session, { x: averaging(8) })).rejects.toThrow('released')
  })

  it('keeps values in buffers between runs, and writes results over inputs', async () => {
    const engine = start()
    const session = await engine.load(matrixPower(8, 1))
    const buffer = await engine.allocate(2 * 64)
    await engine.write(buffer, 64, averaging(8).data as Float32Array)
    const place = { buffer, offset: 64, dims: [8, 8] }
    expect(
      await engine.run(session, {}, { resident: { feeds: { x: place }, results: { y: { ...place, offset: 0 } } } }),
    ).toEqual({})
    expect((await engine.read(buffer, 0, 1))[0]).toBeCloseTo(1 / 8, 6)
    await engine.clear(buffer)
    expect(await engine.read(buffer, 64, 2)).toEqual(new Float32Array(2))
    await expect(engine.read(buffer, 64, 65)).rejects.toThrow('129 were asked for')
    await engine.free(buffer)
    await expect(engine.clear(buffer)).rejects.toThrow('go on from the last checkpoint')
  })

  it('runs over one stretch of the buffers after the other', async () => {
    const engine = start()
    const session = await engine.load(matrixPower(2, 1))
    const [from, to] = [await engine.allocate(5 * 4), await engine.allocate(5 * 4)]
    // Squares of diagonal matrices diag(i, i + 1); the first stretch is left out.
    await engine.write(from, 0, Float32Array.from([0, 1, 2, 3, 4].flatMap(i => [i, 0, 0, i + 1])))
    await engine.run(
      session,
      {},
      {
        resident: {
          feeds: { x: { buffer: from, offset: 4, dims: [2, 2] } },
          results: { y: { buffer: to, offset: 4, dims: [2, 2] } },
          times: 3,
        },
      },
    )
    expect(Array.from(await engine.read(to, 0, 20))).toEqual(
      [0, 1, 2, 3, 4].flatMap(i => (i === 0 || i === 4 ? [0, 0, 0, 0] : [i ** 2, 0, 0, (i + 1) ** 2])),
    )
  })

  it('leaves no copies of results behind that stay in its memory', async () => {
    const engine = start()
    const size = 1024
    const session = await engine.load(matrixPower(size, 1))
    const buffer = await engine.allocate(2 * size * size)
    const run = () =>
      engine.run(
        session,
        {},
        {
          resident: {
            feeds: { x: { buffer, offset: 0, dims: [size, size] } },
            results: { y: { buffer, offset: size * size, dims: [size, size] } },
          },
        },
      )
    await run()
    const before = await engine.ping()
    for (let again = 0; again < 12; again++) await run()
    // Each copy has 4 MiB; a collection of garbage would come after 64.
    expect((await engine.ping()) - before).toBeLessThan(12 * 2 ** 20)
  })

  it('runs as an Electron utility process runs it, over process.parentPort', async () => {
    const engine = start({ NODE_OPTIONS: `--import ${new URL('parent-port.mjs', import.meta.url).href}` })
    const session = await engine.load(matrixPower(8, 1))
    const { y } = await engine.run(session, { x: averaging(8) })
    expect(y!.data[0]).toBeCloseTo(1 / 8, 6)
  })

  it('moves a program that the GPU refuses to the CPU, and says so', async () => {
    const engine = start({ VK_ICD_FILENAMES: '/no/driver.json' }, 'webgpu')
    const session = await engine.load(matrixPower(8, 1))
    const { y } = await engine.run(session, { x: averaging(8) })
    expect(y!.data[0]).toBeCloseTo(1 / 8, 6)
    expect(engine.status().fallback).toContain('runs on the CPU because ‘webgpu’ refused it')
  })

  it.skipIf(!swiftShader)('changes the device between two runs of one session, with the same result', async () => {
    const engine = start(swiftShader!)
    const session = await engine.load(matrixPower(64, 2))
    const data = Float32Array.from({ length: 64 * 64 }, (_, index) => Math.sin(index) / 8)
    const x = { dtype: 'float32' as const, dims: [64, 64], data }
    const onProcessor = await engine.run(session, { x })
    await engine.useDevice('webgpu', null)
    const onGpu = await engine.run(session, { x })
    expect(engine.status()).toMatchObject({ device: 'webgpu', fallback: null, restarts: 0 })
    // Entries are near 1; single precision over 64 additions, twice.
    for (const [index, value] of onGpu.y!.data.entries()) {
      expect(value).toBeCloseTo(Number(onProcessor.y!.data[index]), 5)
    }
  })
})
