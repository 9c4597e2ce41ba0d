import { ExpectedError } from '../../native-models/expected-error.ts'
import type { Work } from '../api/app.ts'
import type { Device } from '../api/engine.ts'
import type { VerifyInput, VerifyReport } from '../api/models.ts'
import { select } from '../engine/devices/devices.ts'
import { Engine } from '../engine/engine.ts'
import type { EngineLauncher } from '../engine/launcher.ts'
import { verifyFixture } from './verify-fixture.ts'
import type { VerifyOptions } from './verify-fixture.ts'

export interface VerifyEnvironment extends Omit<VerifyOptions, 'cases' | 'precision' | 'onProgress'> {
  launch: EngineLauncher
  /** Probed devices; asked for only when the device to verify on is not the CPU. */
  devices: () => Promise<readonly Device[]>
  /** Told of each case that begins. */
  tell?: ((work: Work) => void) | undefined
}

/**
 * `model verify`: runs a fixture in an engine process of its own, on the CPU unless a device is named. In half
 * precision the CPU, which converts back and forth, shows what rounding does; outputs may then differ by 2 % of their
 * largest magnitude, and in direction by a cosine of 0.9995.
 * @throws ExpectedError when the path is no fixture, a case is unknown, or the named device cannot be used: a report
 * for another device would mislead.
 */
export async function verify(
  { fixture, cases, device, precision }: VerifyInput,
  { launch, devices, tell, ...options }: VerifyEnvironment,
): Promise<VerifyReport> {
  const chosen =
    device === null || device === 'cpu'
      ? { device: 'cpu', fallback: null }
      : select({ device, precision }, await devices())
  if (chosen.fallback && device !== 'auto') {
    throw new ExpectedError('device-unusable', `${chosen.fallback} Verify on another device.`)
  }
  const engine = new Engine({ launch, device: chosen.device })
  try {
    return await verifyFixture(fixture, engine, {
      ...options,
      cases,
      precision,
      onProgress: (done, total, current) => tell?.({ key: `verify ${fixture}`, stage: 'case', done, total, current }),
    })
  } finally {
    await engine.close()
  }
}
