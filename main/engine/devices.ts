import { cpus } from 'node:os'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { deviceChoice } from '../api/engine.ts'
import type { Device } from '../api/engine.ts'
import type { EngineLauncher } from './launcher.ts'
import { probeProvider } from './probe.ts'

/** `milliseconds` of the probe's matrix product, null when the device is not usable. */
export interface ProbedDevice extends Device {
  milliseconds: number | null
}

const graphicsInterface: Partial<Record<NodeJS.Platform, string>> = { win32: 'Direct3D 12', darwin: 'Metal' }

/** The providers that exist on a platform, the CPU first. */
function providersOf(platform: NodeJS.Platform): { provider: string; name: string }[] {
  const processors = cpus()
  return [
    { provider: 'cpu', name: `${processors[0]?.model.trim() ?? 'CPU'} (${processors.length} threads)` },
    { provider: 'webgpu', name: `WebGPU (${graphicsInterface[platform] ?? 'Vulkan'})` },
    ...platform === 'win32' ? [{ provider: 'dml', name: 'DirectML' }] : [],
    ...platform === 'darwin' ? [{ provider: 'coreml', name: 'Core ML' }] : [{ provider: 'cuda', name: 'NVIDIA CUDA' }],
  ]
}

/**
 * Tries every provider of this platform, one after the other so that their times compare.
 * A GPU slower than the CPU (a software renderer, for instance) stays usable but is never chosen by itself.
 * @param limit Milliseconds for each step of one probe.
 */
export async function probeDevices(
  { launch, platform = process.platform, limit = 30_000, signal }: { launch: EngineLauncher; platform?: NodeJS.Platform; limit?: number; signal?: AbortSignal },
): Promise<ProbedDevice[]> {
  const devices: ProbedDevice[] = []
  for (const { provider, name } of providersOf(platform)) {
    signal?.throwIfAborted()
    const { milliseconds, problem } = await probeProvider(provider, launch, limit, signal)
    devices.push({ id: provider, provider, name, usable: problem === null, reason: problem, milliseconds })
  }
  const processor = devices.find(device => device.provider === 'cpu')
  for (const device of devices) {
    if (device !== processor && isSlower(device, processor)) device.reason = 'slower than the CPU here, as a renderer in software is: used only when asked for'
  }
  return devices
}

function isSlower(device: ProbedDevice, processor: ProbedDevice | undefined): boolean {
  return device.milliseconds !== null && processor?.milliseconds != null && device.milliseconds >= processor.milliseconds
}

/**
 * The device to compute on. `auto` takes the fastest usable GPU that beats the CPU, else the CPU.
 * @returns `fallback`: one sentence when the CPU stands in for something better, with the reason; else null.
 * @throws ExpectedError for a name that is no device.
 */
export function chooseDevice(choice: string, devices: readonly ProbedDevice[]): { device: string; fallback: string | null } {
  const asked = deviceChoice.safeParse(choice)
  if (!asked.success) throw new ExpectedError('device-unknown', `There is no device ‘${choice}’; choose one of ${deviceChoice.options.join(', ')}.`)
  if (choice === 'cpu') return { device: 'cpu', fallback: null }
  if (choice === 'auto') {
    const processor = devices.find(device => device.provider === 'cpu')
    const others = devices.filter(device => device !== processor)
    const best = others.filter(device => device.usable && !isSlower(device, processor)).sort((a, b) => (a.milliseconds ?? 0) - (b.milliseconds ?? 0))[0]
    if (best) return { device: best.id, fallback: null }
    return { device: 'cpu', fallback: `Computing on the CPU. ${others.map(({ name, reason }) => `${name}: ${reason}.`).join(' ')}`.trim() }
  }
  const device = devices.find(({ id }) => id === choice)
  if (device?.usable) return { device: device.id, fallback: null }
  return { device: 'cpu', fallback: `Computing on the CPU, because ${device?.name ?? choice} was refused: ${device?.reason ?? 'it does not exist on this system'}.` }
}
