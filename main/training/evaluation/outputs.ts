import { appendFile, readFile } from 'node:fs/promises'
import { z } from 'zod'

/** Unit-length embeddings, as the bytes of float32 in base64. */
const vector = z.string().transform((text): Float32Array => {
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength - (bytes.byteLength % 4)),
  )
})

const embedded = z.object({
  video: vector,
  text: vector,
  /** Where the paragraph's sentences have times. */
  alignment: z
    .object({ clips: z.number(), rightClips: z.number(), overlaps: z.array(z.number()).readonly() })
    .nullable(),
})
/** What a dual encoder makes of an example. */
export type Embedded = z.infer<typeof embedded>

const answered = z.object({
  logits: z.array(z.number()),
  /** Where the seconds that hold the answer are known: logits [T, 2] and labels [T] of the frames. */
  span: z.object({ logits: z.array(z.number()), labels: z.array(z.number().int()) }).nullable(),
})
/** What a classifying model says of an example. */
export type Predicted = z.infer<typeof answered>

const unreadable = z.object({ problem: z.string() })

/** `example` is its place among the examples evaluated. */
const output = z.union([embedded, answered, unreadable]).and(z.object({ example: z.number().int() }))
export type Output = Embedded | Predicted | z.infer<typeof unreadable>

/** Adds what came of one example. */
export async function appendOutput(file: string, example: number, found: Output): Promise<void> {
  const stored = 'video' in found ? { ...found, video: base64(found.video), text: base64(found.text) } : found
  // The line break first: it ends a line that a crash cut short.
  await appendFile(file, `\n${JSON.stringify({ example, ...stored })}`)
}

/** What is known so far, by example. A line that a crash cut short is passed over: its example is evaluated again. */
export async function readOutputs(file: string): Promise<Map<number, Output>> {
  const known = new Map<number, Output>()
  for (const line of (await readFile(file, 'utf8').catch(() => '')).split('\n')) {
    const parsed = line === '' ? null : output.safeParse(jsonOf(line))
    if (parsed?.success) known.set(parsed.data.example, parsed.data)
  }
  return known
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
