import type { StreamFormat } from '../stream-format.ts'
import { elementIds } from './ebml.ts'

/** ffmpeg's options for an input that this module writes. Seconds of {@link packetElement} come out as they went in. */
export const matroskaInput: readonly string[] = ['-protocol_whitelist', 'pipe', '-f', 'matroska', '-i', 'pipe:0']

/** The beginning of a Matroska stream with one video track, whose packets follow as {@link packetElement}. */
export function streamHeader(
  codecId: string,
  { configuration, matrix, fullRange }: StreamFormat,
  { width, height }: { readonly width: number; readonly height: number },
): Buffer {
  const colour = element(
    elementIds.Colour,
    ...(matrix === undefined ? [] : [whole(elementIds.MatrixCoefficients, matrix)]),
    ...(fullRange === undefined ? [] : [whole(elementIds.Range, fullRange ? 2 : 1)]),
  )
  return Buffer.concat([
    element(elementIds.EBML, element(elementIds.DocType, Buffer.from('matroska'))),
    // A segment of unknown size: it ends with the stream.
    Buffer.from([...bytesOf(elementIds.Segment), 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    element(elementIds.Info, whole(elementIds.TimestampScale, 1000)),
    element(
      elementIds.Tracks,
      element(
        elementIds.TrackEntry,
        whole(elementIds.TrackNumber, 1),
        whole(elementIds.TrackUID, 1),
        whole(elementIds.TrackType, 1),
        element(elementIds.CodecID, Buffer.from(codecId)),
        element(elementIds.CodecPrivate, configuration),
        element(elementIds.Video, whole(elementIds.PixelWidth, width), whole(elementIds.PixelHeight, height), colour),
      ),
    ),
  ])
}

/** One packet, in pieces: its own bytes are not copied. @param time seconds, not below 0. */
export function packetElement(time: number, isKey: boolean, bytes: Uint8Array): Uint8Array[] {
  const timestamp = whole(elementIds.Timestamp, Math.round(time * 1e6))
  const block = Buffer.from([0x81, 0, 0, isKey ? 0x80 : 0])
  const blockHeader = header(elementIds.SimpleBlock, block.length + bytes.length)
  return [
    header(elementIds.Cluster, timestamp.length + blockHeader.length + block.length + bytes.length),
    timestamp,
    blockHeader,
    block,
    bytes,
  ]
}

/** RFC 8794: identifier, and size of the content in eight bytes. */
function header(id: number, length: number): Buffer {
  const size = Buffer.alloc(8)
  size.writeUIntBE(length, 2, 6)
  size[0] = 0x01
  return Buffer.concat([bytesOf(id), size])
}

function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.concat([
    header(
      id,
      content.reduce((sum, { length }) => sum + length, 0),
    ),
    ...content,
  ])
}

function whole(id: number, value: number): Buffer {
  return element(id, bytesOf(value))
}

function bytesOf(value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  const first = bytes.findIndex(byte => byte !== 0)
  return bytes.subarray(first < 0 ? 5 : first)
}
