import { oc } from '@orpc/contract'
import { z } from 'zod'
import { chosenPrecisions, deviceChoices, precisionChoices } from './common/rules.ts'

export const deviceChoice = z.enum(deviceChoices)
export type DeviceChoice = z.infer<typeof deviceChoice>

/**
 * What the model computes in: fp32 is exact, fp16 is for GPUs, int8 for linear layers on the CPU, int7 the same with
 * weights in
 * 7 bits, which stands in for int8 on processors whose sums of 8-bit products overflow (no VNNI).
 */
export const precision = z.enum([...chosenPrecisions, 'int7'])
export type Precision = z.infer<typeof precision>
/** `auto`: fp16 on a GPU that the trial found quicker in it, else fp32. */
export const precisionChoice = z.enum(precisionChoices)
export type PrecisionChoice = z.infer<typeof precisionChoice>

/** One matrix product as a device computed it: how long it took, or why the device cannot compute it so. */
export const trial = z.object({ precision, milliseconds: z.number().nullable(), problem: z.string().nullable() })
export type Trial = z.infer<typeof trial>

/**
 * An execution provider as tried out in a child process; `reason` says why it was refused, or is not taken by itself.
 */
export const device = z.object({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  usable: z.boolean(),
  reason: z.string().nullable(),
  trials: z.array(trial),
})
export type Device = z.infer<typeof device>

/**
 * `fallback`: why the device in use is not the one asked for, or null. `memory`: resident bytes of the engine process.
 */
export const engineStatus = z.object({
  state: z.enum(['stopped', 'starting', 'idle', 'running', 'crashed']),
  device: z.string(),
  fallback: z.string().nullable(),
  memory: z.number().nullable(),
  restarts: z.number().int(),
})
export type EngineStatus = z.infer<typeof engineStatus>

export const engineContract = {
  /** Each tried out in a child process of its own. The result is remembered for this machine; `again` measures anew. */
  devices: oc.input(z.object({ again: z.boolean().default(false) }).default({ again: false })).output(z.array(device)),
  status: oc.output(engineStatus),
}
