/**
 * The bits of a unit one after another, where it `isEscaped` without the bytes that only keep it from looking like the
 * start of another (Rec. ITU-T H.264 and H.265, 7.4.1 and 7.4.2).
 */
export class Bits {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(unit: Buffer, { isEscaped = true } = {}) {
    const isOwn = (byte: number, place: number): boolean => byte !== 3 || unit[place - 1] !== 0 || unit[place - 2] !== 0
    this.#bytes = isEscaped ? unit.filter(isOwn) : unit
  }

  /** More was read than there is; what lies beyond reads as zeros. */
  get isBeyond(): boolean {
    return this.#at > 8 * this.#bytes.length
  }

  read(count: number): number {
    let value = 0
    for (let left = count; left > 0; left -= 1) {
      value = 2 * value + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1)
      this.#at += 1
    }
    return value
  }

  /** An Exp-Golomb code (9.1). */
  unsigned(): number {
    let zeros = 0
    while (zeros < 32 && this.read(1) === 0) zeros += 1
    return 2 ** zeros - 1 + this.read(zeros)
  }

  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}
