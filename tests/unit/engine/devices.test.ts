import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Device, Precision } from '../../../main/api/engine.ts'
import { DeviceSelection } from '../../../main/engine/devices/device-selection.ts'
import { probeDevices, select } from '../../../main/engine/devices/devices.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { forkLauncher } from '../../../main/engine/launcher.ts'
import type { EngineLauncher } from '../../../main/engine/launcher.ts'
import { folderOfTest } from '../../support/folders.ts'
import { isWhole } from '../../support/sample.ts'
import { swiftShader } from './swiftshader.ts'

const device = (
  id: string,
  milliseconds: number | null,
  reason: string | null = null,
  half?: number | string,
): Device => ({
  id,
  provider: id,
  name: id.toUpperCase(),
  usable: milliseconds !== null,
  reason,
  trials: [
    { precision: 'fp32', milliseconds, problem: reason },
    ...(half === undefined
      ? []
      : [
          {
            precision: 'fp16' as const,
            milliseconds: typeof half === 'number' ? half : null,
            problem: typeof half === 'number' ? null : half,
          },
        ]),
  ],
})
/** A processor with the problem of each of its trials, null for none. */
const processor = (trials: Partial<Record<Precision, string | null>>): Device => ({
  ...device('cpu', 20),
  trials: Object.entries(trials).map(([precision, problem]) => ({
    precision: precision as Precision,
    milliseconds: problem === null ? 5 : null,
    problem,
  })),
})
const onDevice = (choice: string, devices: Device[]) => {
  const { device: chosen, fallback } = select({ device: choice, precision: 'fp32' }, devices)
  return { device: chosen, fallback }
}
const inPrecision = (precision: 'auto' | 'fp16' | 'int8', choice: string, devices: Device[]) => {
  const { precision: chosen, fallback } = select({ device: choice, precision }, devices)
  return { precision: chosen, fallback }
}

describe('the probe', () => {
  it('finds the CPU usable everywhere and gives a reason for every refusal', async () => {
    const devices = await probeDevices({
      launch: forkLauncher({ VK_ICD_FILENAMES: '/no/driver.json' }),
      platform: 'linux',
    })
    expect(devices.map(({ id }) => id)).toEqual(['cpu', 'webgpu', 'cuda'])
    expect(devices[0]).toMatchObject({ usable: true, reason: null, name: expect.stringContaining('threads') })
    expect(devices[1]).toMatchObject({ usable: false, reason: expect.stringContaining('Vulkan') })
    for (const { usable, reason } of devices) expect(usable || Boolean(reason)).toBe(true)
    expect(devices[0]!.trials.map(({ precision, problem }) => ({ precision, problem }))).toEqual([
      { precision: 'fp32', problem: null },
      // Without VNNI sums of 8-bit products overflow, and weights are taken in 7 bits.
      ...(devices[0]!.trials.length === 2 ? [] : [{ precision: 'int8', problem: expect.stringContaining('overflow') }]),
      { precision: devices[0]!.trials.length === 2 ? 'int8' : 'int7', problem: null },
    ])
    expect(devices[0]!.trials.every(({ milliseconds, problem }) => problem !== null || milliseconds! > 0)).toBe(true)
  })

  it('survives a driver that aborts the process', async () => {
    const aborting: EngineLauncher = () => {
      const child = forkLauncher()()
      return {
        ...child,
        pid: child.pid,
        send: message => {
          if (message.type === 'load') process.kill(child.pid!, 'SIGABRT')
          else child.send(message)
        },
      }
    }
    const aborted = await probeDevices({ launch: aborting, platform: 'linux' })
    for (const { usable, reason } of aborted) {
      expect({ usable, reason }).toEqual({
        usable: false,
        reason: expect.stringMatching(/^the driver crashed the probe \(signal SIGABRT/),
      })
    }
  })

  it.runIf(isWhole && swiftShader)(
    'finds WebGPU usable over SwiftShader, and too slow to be chosen by itself',
    async () => {
      const devices = await probeDevices({ launch: forkLauncher(swiftShader!), platform: 'linux' })
      expect(devices[1]).toMatchObject({
        id: 'webgpu',
        usable: true,
        reason: expect.stringContaining('slower than the CPU'),
      })
      expect(onDevice('auto', devices)).toMatchObject({ device: 'cpu' })
      expect(onDevice('webgpu', devices)).toEqual({ device: 'webgpu', fallback: null })
      // Half precision is made there and fails when it is run: it is refused with the reason, and fp32 stands in.
      const half = devices[1]!.trials.find(({ precision }) => precision === 'fp16')!
      expect(half.milliseconds === null).toBe(half.problem !== null)
      if (half.problem !== null) {
        expect(inPrecision('fp16', 'webgpu', devices)).toEqual({
          precision: 'fp32',
          fallback: expect.stringContaining(half.problem),
        })
      }
    },
  )
})

describe('choosing a device', () => {
  it('auto takes the fastest GPU that beats the CPU', () => {
    expect(onDevice('auto', [device('cpu', 20), device('webgpu', 6), device('cuda', 2)])).toEqual({
      device: 'cuda',
      fallback: null,
    })
    expect(
      onDevice('auto', [device('cpu', 20), device('webgpu', 900), device('cuda', null, 'no libraries')]).device,
    ).toBe('cpu')
  })

  it('what was refused falls back to the CPU with the reason', () => {
    const devices = [device('cpu', 20), device('webgpu', null, 'no driver')]
    expect(onDevice('webgpu', devices)).toEqual({
      device: 'cpu',
      fallback: 'Computing on the CPU, because WEBGPU was refused: no driver.',
    })
    expect(onDevice('dml', devices)).toEqual({
      device: 'cpu',
      fallback: 'Computing on the CPU, because dml was refused: it does not exist on this system.',
    })
    expect(onDevice('auto', devices).fallback).toContain('no driver')
    expect(onDevice('cpu', devices)).toEqual({ device: 'cpu', fallback: null })
  })

  it('an unknown name is refused with the names there are', () => {
    expect(() => onDevice('gpu', [device('cpu', 20)])).toThrow(
      'There is no device ‘gpu’; choose one of auto, cpu, webgpu, cuda, dml, coreml.',
    )
  })
})

describe('choosing a precision', () => {
  it('auto takes half precision only where the trial found it much faster', () => {
    expect(inPrecision('auto', 'auto', [device('cpu', 20), device('cuda', 4, null, 1.5)])).toEqual({
      precision: 'fp16',
      fallback: null,
    })
    expect(inPrecision('auto', 'auto', [device('cpu', 20), device('cuda', 4, null, 3.9)]).precision).toBe('fp32')
    expect(
      inPrecision('auto', 'auto', [device('cpu', 20), device('cuda', 4, null, 'no shaders for it')]).precision,
    ).toBe('fp32')
    expect(inPrecision('auto', 'cpu', [])).toEqual({ precision: 'fp32', fallback: null })
  })

  it('what a device cannot compute in falls back to fp32 with the reason', () => {
    const devices = [device('cpu', 20), device('webgpu', 4, null, 'no shaders for it')]
    expect(inPrecision('fp16', 'webgpu', devices)).toEqual({
      precision: 'fp32',
      fallback: 'Computing in fp32, because fp16 was refused: WEBGPU: no shaders for it.',
    })
    expect(inPrecision('int8', 'webgpu', devices).fallback).toContain('only the CPU has products of 8 bits')
    expect(inPrecision('int8', 'cpu', [processor({ int8: null })])).toEqual({ precision: 'int8', fallback: null })
    expect(inPrecision('fp16', 'cpu', [])).toEqual({
      precision: 'fp32',
      fallback: expect.stringContaining('convert back and forth'),
    })
  })
})

describe('8 bits', () => {
  it('have weights of 7 bits on a processor whose sums overflow, and it is said', () => {
    expect(inPrecision('int8', 'cpu', [processor({ int8: 'its sums overflow', int7: null })])).toEqual({
      precision: 'int7',
      fallback: 'int8 has weights in 7 bits on this processor: its sums overflow.',
    })
  })

  it('are refused where neither is computed right, or nothing was measured', () => {
    expect(
      inPrecision('int8', 'cpu', [processor({ int8: 'its sums overflow', int7: 'it computes wrong results' })]),
    ).toEqual({ precision: 'fp32', fallback: 'Computing in fp32, because int8 was refused: its sums overflow.' })
    expect(inPrecision('int8', 'cpu', [])).toEqual({
      precision: 'fp32',
      fallback: expect.stringContaining('not tried'),
    })
  })
})

describe('the choice of a machine', () => {
  it('does not remember a refusal for want of memory, when the probe is killed', async () => {
    const launch: EngineLauncher = () => {
      const child = forkLauncher()()
      process.kill(child.pid!, 'SIGKILL')
      return child
    }
    const engine = new Engine({ launch })
    try {
      const file = join(folderOfTest('devices-test'), 'devices.json')
      const devices = await new DeviceSelection(engine, launch, { file, device: 'auto', precision: 'fp32' }).devices()
      expect(devices[0]).toMatchObject({ usable: false, reason: expect.stringContaining('SIGKILL') })
      expect(existsSync(file)).toBe(false)
    } finally {
      await engine.close()
    }
  })

  it('survives a driver that never answers, and asks it again after a while', async () => {
    const file = join(folderOfTest('devices-test'), 'devices.json')
    let launched = 0
    // The processor is tried first, and answers; the next one is not waited for.
    const silent = { send: () => void setImmediate(() => vi.advanceTimersByTime(30_000)) }
    const launch: EngineLauncher = () => ({ ...forkLauncher()(), ...(++launched === 2 && silent) })
    const engine = new Engine({ launch })
    const choice = { file, device: 'auto', precision: 'fp32' } as const
    const devices = () => new DeviceSelection(engine, launch, choice).devices()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const found = await devices()
      vi.useRealTimers()
      expect(found[1]).toMatchObject({ usable: false, reason: 'the driver gave no answer within 30 s' })
      expect(await devices()).toEqual(found)
      expect(launched).toBe(found.length)
      vi.setSystemTime(Date.now() + 2 * 3600_000)
      expect((await devices())[1]?.reason).not.toBe(found[1]?.reason)
      expect(launched).toBe(2 * found.length)
    } finally {
      vi.useRealTimers()
      await engine.close()
    }
  })

  it('is measured once and remembered, and measured again when asked for', async () => {
    const folder = folderOfTest('devices-test')
    let launched = 0
    const launch: EngineLauncher = () => {
      launched++
      return forkLauncher({ VK_ICD_FILENAMES: '/no/driver.json' })()
    }
    const engine = new Engine({ launch })
    try {
      const file = join(folder, 'devices.json')
      const first = new DeviceSelection(engine, launch, { file, device: 'auto', precision: 'fp32' })
      const devices = await first.devices()
      expect(launched).toBe(devices.length)
      const second = new DeviceSelection(engine, launch, { file, device: 'auto', precision: 'int8' })
      expect(second.precision).toBe(devices[0]!.trials.at(-1)!.precision)
      expect(await second.devices()).toEqual(devices)
      expect(launched).toBe(devices.length)
      await second.devices(true)
      expect(launched).toBe(2 * devices.length)
      await writeFile(file, (await readFile(file, 'utf8')).replace(/"machine": "[0-9a-f]+"/, '"machine": "another"'))
      expect(new DeviceSelection(engine, launch, { file, device: 'auto', precision: 'int8' }).precision).toBe('fp32')
    } finally {
      await engine.close()
    }
  })
})
