import { cpus } from 'node:os'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { deviceChoice } from '../../api/engine.ts'
import type { Device, Precision, PrecisionChoice } from '../../api/engine.ts'
import type { EngineLauncher } from '../launcher.ts'
import { probeProvider } from './probe.ts'
import type { Passing } from './probe.ts'

/**
 * `fallback`: one sentence when this is not what was asked for, or the CPU stands in for something better; else null.
 */
export interface Selection {
  readonly device: string
  readonly precision: Precision
  readonly fallback: string | null
}

/** fp16 is taken by itself where fp32 takes so many times as long: a small gain is not worth other embeddings. */
const worthwhile = 1.25

const graphicsInterface: Partial<Record<NodeJS.Platform, string>> = { win32: 'Direct3D 12', darwin: 'Metal' }

/** The providers that exist on a platform, the CPU first. */
function providersOf(platform: NodeJS.Platform): { provider: string; name: string }[] {
  const processors = cpus()
  return [
    { provider: 'cpu', name: english`${processors[0]?.model.trim() ?? 'CPU'} (${processors.length} threads)` },
    { provider: 'webgpu', name: `WebGPU (${graphicsInterface[platform] ?? 'Vulkan'})` },
    ...(platform === 'win32' ? [{ provider: 'dml', name: 'DirectML' }] : []),
    ...(platform === 'darwin'
      ? [{ provider: 'coreml', name: 'Core ML' }]
      : [{ provider: 'cuda', name: 'NVIDIA CUDA' }]),
  ]
}

/**
 * Tries every provider of this platform, one after the other so that their times compare.
 * A GPU slower than the CPU (a software renderer, for instance) stays usable but is never chosen by itself.
 * @param limit Milliseconds for each step of one probe.
 * @param onPassing told when a device may be refused for what is passing, and how soon it may be otherwise.
 */
export async function probeDevices({
  launch,
  platform = process.platform,
  limit = 30_000,
  signal,
  onPassing,
}: {
  launch: EngineLauncher
  platform?: NodeJS.Platform
  limit?: number
  signal?: AbortSignal
  onPassing?: (passing: Passing) => void
}): Promise<Device[]> {
  const devices: Device[] = []
  for (const { provider, name } of providersOf(platform)) {
    signal?.throwIfAborted()
    const trials = await probeProvider(provider, launch, { limit, signal, onPassing })
    const reason = trials[0]?.problem ?? null
    devices.push({ id: provider, provider, name, usable: reason === null, reason, trials })
  }
  const processor = devices.find(device => device.provider === 'cpu')
  // Every machine computes on its processor: where that failed, something else was wrong.
  if (!processor?.usable) onPassing?.('now')
  for (const device of devices) {
    if (device !== processor && isSlower(device, processor)) {
      device.reason = english`slower than the CPU here, as a renderer in software is: used only when asked for`
    }
  }
  return devices
}

const trialOf = (device: Device | undefined, precision: Precision) =>
  device?.trials.find(trial => trial.precision === precision)
/** Milliseconds of the trial, infinite where there was none or it failed. */
const milliseconds = (device: Device | undefined, precision: Precision): number =>
  trialOf(device, precision)?.milliseconds ?? Infinity

const isSlower = (device: Device, processor: Device | undefined): boolean =>
  device.usable && milliseconds(device, 'fp32') >= milliseconds(processor, 'fp32')

/**
 * What the choices come to on these devices. `auto` takes the fastest usable GPU that beats the CPU, else the CPU; and
 * fp16 on a GPU that is much faster in it, else fp32.
 * @param devices as probed; none are needed for the CPU, but for int8 on it.
 * @throws ExpectedError for a name that is no device.
 */
export function select(choice: { device: string; precision: PrecisionChoice }, devices: readonly Device[]): Selection {
  const { device, fallback } = chooseDevice(choice.device, devices)
  const { precision, refusal } = choosePrecision(choice.precision, device, devices)
  return { device, precision, fallback: [fallback, refusal].filter(Boolean).join(' ') || null }
}

function chooseDevice(choice: string, devices: readonly Device[]): { device: string; fallback: string | null } {
  const asked = deviceChoice.safeParse(choice)
  if (!asked.success) {
    throw new ExpectedError(
      'device-unknown',
      `There is no device ‘${choice}’; choose one of ${deviceChoice.options.join(', ')}.`,
    )
  }
  if (choice === 'cpu') return { device: 'cpu', fallback: null }
  if (choice === 'auto') {
    const processor = devices.find(device => device.provider === 'cpu')
    const others = devices.filter(device => device !== processor)
    const best = others
      .filter(device => device.usable && !isSlower(device, processor))
      .sort((a, b) => milliseconds(a, 'fp32') - milliseconds(b, 'fp32'))[0]
    if (best) return { device: best.id, fallback: null }
    return {
      device: 'cpu',
      fallback:
        english`Computing on the CPU. ${others.map(({ name, reason }) => `${name}: ${reason}.`).join(' ')}`.trim(),
    }
  }
  const device = devices.find(({ id }) => id === choice)
  if (device?.usable) return { device: device.id, fallback: null }
  return {
    device: 'cpu',
    fallback: english`Computing on the CPU, because ${device?.name ?? choice} was refused: ${device?.reason ?? 'it does not exist on this system'}.`,
  }
}

interface PrecisionTaken {
  readonly precision: Precision
  readonly refusal: string | null
}

const taken = (precision: Precision): PrecisionTaken => ({ precision, refusal: null })

/** By measured products of this processor: one without VNNI computes them right only with weights in 7 bits. */
function chooseInt8(processor: Device | undefined, refused: (reason: string) => PrecisionTaken): PrecisionTaken {
  const problem = trialOf(processor, 'int8')?.problem
  if (problem === null) return taken('int8')
  if (trialOf(processor, 'int7')?.problem !== null) {
    return refused(problem ?? english`products of 8 bits were not tried`)
  }
  return { precision: 'int7', refusal: english`int8 has weights in 7 bits on this processor: ${problem}.` }
}

function choosePrecision(choice: PrecisionChoice, id: string, devices: readonly Device[]): PrecisionTaken {
  const device = devices.find(one => one.id === id)
  const refused = (reason: string): PrecisionTaken => ({
    precision: 'fp32',
    refusal: english`Computing in fp32, because ${choice} was refused: ${reason}.`,
  })
  switch (choice) {
    case 'auto':
      return taken(milliseconds(device, 'fp32') > worthwhile * milliseconds(device, 'fp16') ? 'fp16' : 'fp32')
    case 'fp32':
      return taken('fp32')
    case 'int8':
      return id === 'cpu'
        ? chooseInt8(device, refused)
        : refused(english`only the CPU has products of 8 bits, and the model computes on ${device?.name ?? id}`)
    case 'fp16':
      if (id === 'cpu') return refused(english`the CPU would convert back and forth; int8 is what makes it faster`)
      return trialOf(device, 'fp16')?.problem === null
        ? taken('fp16')
        : refused(`${device?.name ?? id}: ${trialOf(device, 'fp16')?.problem ?? english`not tried`}`)
    default:
      return choice satisfies never
  }
}
