const frameSize = { width: 96, height: 64 }
const [COLUMNS, ROWS] = [5, 2] as const
const iSlice = 7
const iPcm = 25

/** Bits of a NAL unit, as Rec. ITU-T H.264, 7.3 writes them. */
class Bits {
  #text = ''

  u(length: number, value: number): this {
    this.#text += value.toString(2).padStart(length, '0')
    return this
  }

  /** Exp-Golomb codes of values that are not negative. */
  ue(...values: number[]): this {
    for (const value of values) {
      const text = (value + 1).toString(2)
      this.#text += '0'.repeat(text.length - 1) + text
    }
    return this
  }

  aligned(): this {
    this.#text += '0'.repeat(-this.#text.length & 7)
    return this
  }

  /** A NAL unit with its start code, no start code inside of it. */
  unit(header: number): Buffer {
    this.#text += '1'
    this.aligned()
    const bytes = [0, 0, 0, 1, header]
    let zeros = 0
    for (let at = 0; at < this.#text.length; at += 8) {
      const byte = parseInt(this.#text.slice(at, at + 8), 2)
      if (zeros >= 2 && byte <= 3) {
        bytes.push(3)
        zeros = 0
      }
      bytes.push(byte)
      zeros = byte === 0 ? zeros + 1 : 0
    }
    return Buffer.from(bytes)
  }
}

const accessUnit = Buffer.from([0, 0, 0, 1, 9, 0xf0])

function sequence(): Buffer {
  const bits = new Bits().u(8, 77).u(8, 0).u(8, 30).ue(0, 0, 2, 1).u(1, 0)
  bits.ue(frameSize.width / 16 - 1, frameSize.height / 32 - 1)
  // Frames may be fields; timing: 50 fields a second.
  return bits.u(4, 0b0010).u(1, 1).u(4, 0).u(1, 1).u(32, 1).u(32, 50).u(1, 1).u(4, 0).unit(0x67)
}

function pictures(): Buffer {
  return new Bits().ue(0, 0).u(2, 0).ue(0, 0, 0).u(3, 0).ue(0, 0, 0).u(3, 0b100).unit(0x68)
}

/** The even or odd lines of a grey picture whose blocks spell a number, every sample as it is. */
function field(number: number, bottom: 0 | 1): Buffer {
  const bits = new Bits().ue(0, iSlice, 0).u(4, 0).u(1, 1).u(1, bottom)
  if (bottom) bits.u(1, 0)
  else bits.ue(number % 2).u(2, 0)
  return samples(bits.ue(0, 1), number, { step: 2, first: bottom }).unit(bottom ? 0x61 : 0x65)
}

/** All lines of it. */
function frame(number: number): Buffer {
  const bits = new Bits().ue(0, iSlice, 0).u(4, 0).u(1, 0)
  bits
    .ue(number % 2)
    .u(2, 0)
    .ue(0, 1)
  return samples(bits, number, { step: 1, first: 0 }).unit(0x65)
}

function samples(bits: Bits, number: number, lines: { readonly step: 1 | 2; readonly first: 0 | 1 }): Bits {
  const { width, height } = frameSize
  for (let row = 0; row < height / 16 / lines.step; row += 1) {
    for (let column = 0; column < width / 16; column += 1) {
      bits.ue(iPcm).aligned()
      for (let sample = 0; sample < 256; sample += 1) {
        const [x, y] = [column * 16 + (sample % 16), (row * 16 + (sample >> 4)) * lines.step + lines.first]
        const bit = Math.floor(y / (height / ROWS)) * COLUMNS + Math.floor(x / (width / COLUMNS))
        bits.u(8, (number >> bit) & 1 ? 220 : 30)
      }
      for (let sample = 0; sample < 128; sample += 1) bits.u(8, 128)
    }
  }
  return bits
}

/**
 * H.264 whose pictures are two fields in access units of their own (PAFF), as FFmpeg's encoders never write it.
 * @param isFrame which pictures are frames all the same; none by default.
 */
export function fieldPictures(count: number, isFrame: (number: number) => boolean = () => false): Buffer {
  const head = [accessUnit, sequence(), pictures()]
  const picture = (number: number): Buffer[] =>
    isFrame(number) ? [...head, frame(number)] : [...head, field(number, 0), accessUnit, field(number, 1)]
  return Buffer.concat(Array.from({ length: count }, (_, number) => picture(number)).flat())
}
