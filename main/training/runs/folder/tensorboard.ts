import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MetricPoint } from '../../../api/training/training.ts'

/**
 * Scalars as TensorBoard reads them: records of length, checksum, event and checksum (TFRecord), an event a protobuf
 * message of wall time (1, double), step (2, varint) and either the file version (3, string) or a summary (5) of values
 * (1) with tag (1) and scalar (2, float). Source: tensorflow/core/util/event.proto and lib/io/record_writer.
 */

/** The file of a run's events; TensorBoard finds it by `tfevents` in its name. */
export function eventFile(folder: string, createdAt: number): string {
  return join(folder, `events.out.tfevents.${String(Math.floor(createdAt / 1000)).padStart(10, '0')}.lfvila`)
}

/** The record that a file of events begins with. */
export function fileVersion(time: number): Buffer {
  return record(event(time, 0, field(3, 2, bytes(Buffer.from('brain.Event:2')))))
}

/** One record per point. */
export function scalarEvents(points: readonly MetricPoint[]): Buffer {
  return Buffer.concat(
    points.map(({ time, step, values }) => {
      const entries = Object.entries(values).map(([tag, value]) =>
        field(1, 2, bytes(Buffer.concat([field(1, 2, bytes(Buffer.from(tag))), field(2, 5, float32(value))]))),
      )
      return record(event(time, step, field(5, 2, bytes(Buffer.concat(entries)))))
    }),
  )
}

export async function appendEvents(file: string, events: Buffer): Promise<void> {
  await appendFile(file, events)
}

function event(time: number, step: number, what: Buffer): Buffer {
  const seconds = Buffer.alloc(8)
  seconds.writeDoubleLE(time / 1000)
  return Buffer.concat([field(1, 1, seconds), field(2, 0, varint(step)), what])
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)])
}

function field(number: number, wire: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | wire), content])
}

const bytes = (content: Buffer): Buffer => Buffer.concat([varint(content.length), content])

function float32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeFloatLE(value)
  return buffer
}

function varint(value: number): Buffer {
  const septets: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...septets, rest])
    septets.push((rest % 128) | 128)
  }
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** CRC-32C, rotated and offset as TFRecord wants it. */
function maskedCrc(data: Buffer): Buffer {
  let crc = 0xffffffff
  for (const byte of data) crc = (castagnoli[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)
  crc = (crc ^ 0xffffffff) >>> 0
  const masked = Buffer.alloc(4)
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0)
  return masked
}
