import type { PictureSize } from './vp-frames.ts'

/** Segments that no other meaning hides in: tables, pictures of the baseline and the extended kind, the beginning. */
const [startOfImage, baseline, extended, startOfScan] = [0xd8, 0xc0, 0xc1, 0xda]
const [jfif, comment] = [0xe0, 0xfe]
const tables = new Set([0xc4, 0xdb, 0xdd])
/** Samplings of the three components, and what ffmpeg calls them. */
const formats: Readonly<Record<string, string>> = {
  '22,11,11': 'yuvj420p',
  '21,11,11': 'yuvj422p',
  '22,12,12': 'yuvj422p',
}

/**
 * The size and, by ffmpeg's name, the format of the pixels of a JPEG picture (ITU-T T.81, B.2) of the usual kind: whole
 * frames of square pixels, eight bits, three components. Undefined for others, and where a comment or a segment of an
 * application may say otherwise.
 */
export function jpegPictures(first: Buffer): (PictureSize & { readonly pixelFormat: string }) | undefined {
  if (first.length < 4 || first.readUInt16BE(0) !== 0xff00 + startOfImage) return undefined
  for (let at = 2; at + 4 <= first.length;) {
    if (first[at] !== 0xff) return undefined
    const marker = first.readUInt8(at + 1)
    const content = first.subarray(at + 4, at + 2 + first.readUInt16BE(at + 2))
    if (marker === baseline || marker === extended) return frame(content)
    if (marker === startOfScan || !(tables.has(marker) || isPlain(marker, content))) return undefined
    at += 4 + content.length
  }
  return undefined
}

/** A JFIF segment of square pixels, or the comment in which ffmpeg names itself. */
function isPlain(marker: number, content: Buffer): boolean {
  if (marker === comment) return content.toString('latin1', 0, 4) === 'Lavc'
  if (marker !== jfif || content.toString('latin1', 0, 5) !== 'JFIF\0' || content.length < 12) return false
  return content.readUInt16BE(8) === content.readUInt16BE(10)
}

function frame(content: Buffer): (PictureSize & { readonly pixelFormat: string }) | undefined {
  if (content.length !== 15 || content.readUInt8(0) !== 8 || content.readUInt8(5) !== 3) return undefined
  const pixelFormat = formats[[7, 10, 13].map(at => content.readUInt8(at).toString(16)).join()]
  return pixelFormat === undefined
    ? undefined
    : { height: content.readUInt16BE(1), width: content.readUInt16BE(3), pixelFormat }
}
