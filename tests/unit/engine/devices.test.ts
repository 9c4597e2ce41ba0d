import { describe, expect, it } from 'vitest'
import { chooseDevice, forkLauncher, probeDevices } from '../../../main/engine/index.ts'
import type { EngineLauncher, ProbedDevice } from '../../../main/engine/index.ts'
import { swiftShader } from './swiftshader.ts'

const device = (id: string, milliseconds: number | null, reason: string | null = null): ProbedDevice =>
  ({ id, provider: id, name: id.toUpperCase(), usable: milliseconds !== null, reason, milliseconds })

describe('the probe', () => {
  it('finds the CPU usable everywhere and gives a reason for every refusal', async () => {
    const devices = await probeDevices({ launch: forkLauncher({ VK_ICD_FILENAMES: '/no/driver.json' }), platform: 'linux' })
    expect(devices.map(({ id }) => id)).toEqual(['cpu', 'webgpu', 'cuda'])
    expect(devices[0]).toMatchObject({ usable: true, reason: null, name: expect.stringContaining('threads') })
    expect(devices[1]).toMatchObject({ usable: false, reason: expect.stringContaining('Vulkan') })
    for (const { usable, reason } of devices) expect(usable || Boolean(reason)).toBe(true)
  })

  it('survives a driver that aborts the process, and one that never answers', async () => {
    const aborting: EngineLauncher = () => {
      const child = forkLauncher()()
      return { ...child, pid: child.pid, send: message => { if (message.type === 'load') process.kill(child.pid!, 'SIGABRT'); else child.send(message) } }
    }
    const aborted = await probeDevices({ launch: aborting, platform: 'linux' })
    for (const { usable, reason } of aborted) expect({ usable, reason }).toEqual({ usable: false, reason: expect.stringMatching(/^the driver crashed the probe \(signal SIGABRT/) })
    const silent: EngineLauncher = () => ({ ...forkLauncher()(), send: () => {} })
    const hung = await probeDevices({ launch: silent, platform: 'linux', limit: 1500 })
    for (const { reason } of hung) expect(reason).toBe('the driver gave no answer within 1.5 s')
  })

  it.skipIf(!swiftShader)('finds WebGPU usable over SwiftShader, and too slow to be chosen by itself', async () => {
    const devices = await probeDevices({ launch: forkLauncher(swiftShader!), platform: 'linux' })
    expect(devices[1]).toMatchObject({ id: 'webgpu', usable: true, reason: expect.stringContaining('slower than the CPU') })
    expect(chooseDevice('auto', devices)).toMatchObject({ device: 'cpu' })
    expect(chooseDevice('webgpu', devices)).toEqual({ device: 'webgpu', fallback: null })
  })
})

describe('choosing a device', () => {
  it('auto takes the fastest GPU that beats the CPU', () => {
    expect(chooseDevice('auto', [device('cpu', 20), device('webgpu', 6), device('cuda', 2)])).toEqual({ device: 'cuda', fallback: null })
    expect(chooseDevice('auto', [device('cpu', 20), device('webgpu', 900), device('cuda', null, 'no libraries')]).device).toBe('cpu')
  })

  it('what was refused falls back to the CPU with the reason', () => {
    const devices = [device('cpu', 20), device('webgpu', null, 'no driver')]
    expect(chooseDevice('webgpu', devices)).toEqual({ device: 'cpu', fallback: 'Computing on the CPU, because WEBGPU was refused: no driver.' })
    expect(chooseDevice('dml', devices)).toEqual({ device: 'cpu', fallback: 'Computing on the CPU, because dml was refused: it does not exist on this system.' })
    expect(chooseDevice('auto', devices).fallback).toContain('no driver')
    expect(chooseDevice('cpu', devices)).toEqual({ device: 'cpu', fallback: null })
  })

  it('an unknown name is refused with the names there are', () => {
    expect(() => chooseDevice('gpu', [device('cpu', 20)])).toThrow('There is no device ‘gpu’; choose one of auto, cpu, webgpu, cuda, dml, coreml.')
  })
})
