import { z } from 'zod'
import type { Signature, TensorData, TensorValue } from './onnxruntime.ts'

/**
 * The messages between the workbench and the engine process. Tensors cross by structured clone;
 * both sides parse what they receive, so a mismatch of versions shows as one error at the edge.
 */

const tensor = z.object({
  dtype: z.enum(['float32', 'float16', 'int32', 'int64', 'uint8', 'bool']),
  dims: z.array(z.number().int().min(0)) as z.ZodType<readonly number[]>,
  data: z.custom<TensorData>(
    data =>
      data instanceof Float32Array ||
      data instanceof Uint16Array ||
      data instanceof Int32Array ||
      data instanceof BigInt64Array ||
      data instanceof Uint8Array,
  ),
})

const tensors = z.record(z.string(), tensor)
export type Tensors = Record<string, TensorValue>

const sessionOptions = z.object({
  /** The execution provider: `cpu`, `webgpu`, `cuda`, `dml` or `coreml`. */
  provider: z.string(),
  threads: z.number().int().positive().optional(),
  prepack: z.boolean().optional(),
  arena: z.boolean().optional(),
  exclusive: z.boolean().optional(),
})
/** What a caller of the engine chooses for a session; the provider is the engine's own. */
export type ProgramOptions = Omit<z.infer<typeof sessionOptions>, 'provider'>

/** An ONNX program: the path of a file (its external data is then memory-mapped), or its bytes. */
const modelSource = z.union([z.string(), z.custom<Uint8Array>(model => model instanceof Uint8Array)])
export type ModelSource = z.infer<typeof modelSource>

const id = z.number().int()
const session = z.number().int()

const buffer = z.number().int()
const floats = z.custom<Float32Array>(values => values instanceof Float32Array)
const count = z.number().int().min(0)

/** A float32 tensor that lies in a buffer of the engine, from `offset` on (in elements). */
const residentTensor = z.object({ buffer, offset: count, dims: z.array(count) as z.ZodType<readonly number[]> })
export type ResidentTensor = z.infer<typeof residentTensor>

/**
 * Inputs that are read from buffers, and outputs that are written into them instead of being sent back. With `times`,
 * the program runs so often, and each time with the stretch of every buffer that follows the one before.
 */
const resident = z.object({
  feeds: z.record(z.string(), residentTensor),
  results: z.record(z.string(), residentTensor),
  times: z.number().int().positive().optional(),
})
export type Resident = z.infer<typeof resident>

export const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('load'), id, session, model: modelSource, options: sessionOptions }),
  z.object({
    type: z.literal('run'),
    id,
    session,
    feeds: tensors,
    outputs: z.array(z.string()).optional(),
    resident: resident.optional(),
  }),
  z.object({ type: z.literal('describe'), id, session }),
  z.object({ type: z.literal('release'), id, session }),
  z.object({ type: z.literal('allocate'), id, buffer, length: count }),
  z.object({ type: z.literal('clear'), id, buffer }),
  z.object({ type: z.literal('write'), id, buffer, offset: count, values: floats }),
  z.object({ type: z.literal('read'), id, buffer, offset: count, length: count }),
  z.object({ type: z.literal('free'), id, buffer }),
  z.object({ type: z.literal('ping'), id }),
])
export type Request = z.infer<typeof request>

const values = z.array(
  z.object({ name: z.string(), dtype: z.string().nullable(), shape: z.array(z.union([z.number(), z.string()])) }),
)
const signature: z.ZodType<Signature> = z.object({ inputs: values, outputs: values })

/** `memory`: resident bytes of the engine process after the work. `milliseconds`: of the ONNX Runtime call alone. */
const answered = { id, memory: z.number() }

export const reply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('done'), ...answered, milliseconds: z.number() }),
  z.object({ type: z.literal('outputs'), ...answered, milliseconds: z.number(), outputs: tensors }),
  z.object({ type: z.literal('described'), ...answered, signature }),
  z.object({ type: z.literal('values'), ...answered, milliseconds: z.number(), values: floats }),
  z.object({ type: z.literal('failed'), ...answered, message: z.string() }),
])
export type Reply = z.infer<typeof reply>
