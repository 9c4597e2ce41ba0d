import { appendFile } from 'node:fs/promises'
import { z } from 'zod'
import { probeVariant } from '../../../api/evaluation/evaluation.ts'
import type { ProbeVariant } from '../../../api/evaluation/evaluation.ts'
import { readJsonLines } from '../../../storage/files/json-lines.ts'

/** Unit-length embeddings, as the bytes of float32 in base64. */
const vector = z.string().transform((text): Float32Array => {
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength - (bytes.byteLength % 4)),
  )
})

/** How much of the text was read; not given by evaluations from before it was kept. */
const reading = z
  .object({
    sentences: z.number().int(),
    tokens: z.array(z.number().int()).readonly(),
    limit: z.number().int(),
  })
  .optional()

const embedded = z.object({
  video: vector,
  text: vector,
  /** Where the paragraph's sentences have times. */
  alignment: z
    .object({ clips: z.number(), rightClips: z.number(), overlaps: z.array(z.number()).readonly() })
    .nullable(),
  reading,
})
/** What a dual encoder makes of an example. */
export type Embedded = z.infer<typeof embedded>

const answered = z.object({
  logits: z.array(z.number()),
  /** Where the seconds that hold the answer are known: logits [T, 2] and labels [T] of the frames. */
  span: z.object({ logits: z.array(z.number()), labels: z.array(z.number().int()) }).nullable(),
  reading,
})
/** What a classifying model says of an example. */
export type Predicted = z.infer<typeof answered>

const located = z.object({
  windows: z.array(z.tuple([z.number(), z.number(), z.number()])),
  saliency: z.array(z.number()).nullable(),
})
/** The windows of a query for moments, [start, end, score], and scores of its clips; see `MomentPrediction`. */
export type Located = z.infer<typeof located>

const unreadable = z.object({ problem: z.string() })

/** Of the example's place, and the identity of its video's file, where it could be read. */
const place = z.object({ example: z.number().int(), file: z.string().optional() })

/** `example` is its place among the examples evaluated. */
const output = z.union([embedded, answered, located, unreadable]).and(place)
export type Output = (Embedded | Predicted | Located | z.infer<typeof unreadable>) & {
  readonly file?: string | undefined
}

/** Whether an example was left out because its video cannot be read, or nothing was predicted for it. */
export function isUnreadable(output: Output | undefined): output is Output & z.infer<typeof unreadable> {
  return output !== undefined && 'problem' in output
}

const probed = z.union([z.object({ embedding: vector }), answered.pick({ logits: true })])
/** What a model makes of an example that the time probe changed: the embedding of its changed side, or logits. */
export type Probed = z.infer<typeof probed>

const probedLine = probed.and(place).and(z.object({ variant: probeVariant }))

/** Adds what came of one example. */
export function appendOutput(file: string, example: number, found: Output): Promise<void> {
  return appendLine(file, { example, ...found })
}

/** What is known so far, by example. A line that a crash cut short is passed over: its example is evaluated again. */
export async function readOutputs(file: string): Promise<Map<number, Output>> {
  return new Map((await readJsonLines(file, output)).map(found => [found.example, found]))
}

/** Adds what came of one example with one change. */
export function appendProbed(
  file: string,
  { example, variant, found }: { readonly example: number; readonly variant: ProbeVariant; readonly found: Probed },
): Promise<void> {
  return appendLine(file, { example, variant, ...found })
}

/** What the time probe knows so far, by change and example. */
export async function readProbed(file: string): Promise<Map<ProbeVariant, Map<number, Probed>>> {
  const known = new Map<ProbeVariant, Map<number, Probed>>()
  for (const { example, variant, ...found } of await readJsonLines(file, probedLine)) {
    known.set(variant, (known.get(variant) ?? new Map<number, Probed>()).set(example, found))
  }
  return known
}

async function appendLine(file: string, found: object): Promise<void> {
  const stored = JSON.stringify(found, (_, value: unknown) => (value instanceof Float32Array ? base64(value) : value))
  // The line break first: it ends a line that a crash cut short.
  await appendFile(file, `\n${stored}`)
}

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
