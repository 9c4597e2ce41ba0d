import { oc } from '@orpc/contract'
import { z } from 'zod'

export const deviceChoice = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])
export type DeviceChoice = z.infer<typeof deviceChoice>

/** An execution provider as probed in a child process; `reason` says why it was refused. */
export const device = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  usable: z.boolean(),
  reason: z.string().nullable(),
})
export type Device = z.infer<typeof device>

/** `fallback`: why the device in use is not the one asked for, or null. `memory`: resident bytes of the engine process. */
export const engineStatus = z.object({
  state: z.enum(['stopped', 'starting', 'idle', 'running', 'crashed']),
  device: z.string(),
  fallback: z.string().nullable(),
  memory: z.number().nullable(),
  restarts: z.number().int(),
})
export type EngineStatus = z.infer<typeof engineStatus>

export const engineContract = {
  /** Probed once per start, each in a child process of its own. */
  devices: oc.output(z.array(device)),
  status: oc.output(engineStatus),
}
