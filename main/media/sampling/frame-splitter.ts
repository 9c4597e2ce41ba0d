/** Cuts a byte stream into pictures. */
export interface FrameSplitter {
  /** Takes the next piece of the stream and gives the pictures that it completes. */
  take(piece: Buffer): Buffer[]
}

/** Pictures of a fixed number of bytes. */
export class RawFrameSplitter implements FrameSplitter {
  readonly #size: number
  #frame: Buffer
  #filled = 0

  constructor(size: number) {
    this.#size = size
    this.#frame = Buffer.allocUnsafe(size)
  }

  take(piece: Buffer): Buffer[] {
    const complete: Buffer[] = []
    for (let offset = 0; offset < piece.length;) {
      const copied = piece.copy(this.#frame, this.#filled, offset)
      offset += copied
      this.#filled += copied
      if (this.#filled === this.#size) {
        complete.push(this.#frame)
        this.#frame = Buffer.allocUnsafe(this.#size)
        this.#filled = 0
      }
    }
    return complete
  }
}

const jpegEnd = Buffer.from([0xff, 0xd9])
/** No thumbnail is near this; a stream without an end marker must not fill the memory. */
const jpegLimit = 32 * 1024 * 1024

/**
 * JPEG files one after the other. The end marker cannot occur inside: entropy-coded 0xFF bytes are followed by 0x00.
 */
export class JpegSplitter implements FrameSplitter {
  #rest: Buffer = Buffer.alloc(0)

  take(piece: Buffer): Buffer[] {
    const complete: Buffer[] = []
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece
    for (let end = bytes.indexOf(jpegEnd); end >= 0; end = bytes.indexOf(jpegEnd)) {
      complete.push(Buffer.from(bytes.subarray(0, end + 2)))
      bytes = bytes.subarray(end + 2)
    }
    if (bytes.length > jpegLimit) throw new Error('ffmpeg wrote a JPEG without an end')
    this.#rest = bytes
    return complete
  }
}
