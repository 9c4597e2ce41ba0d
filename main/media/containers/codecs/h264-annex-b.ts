const prefix = Buffer.from([0, 0, 1])
const [parameterSet, highestUnit] = [7, 31]

/**
 * The decoder configuration record (ISO/IEC 14496-15, 5.3.3.1) of a stream whose packets have its units behind start
 * codes (Rec. ITU-T H.264, annex B), as far as its sequence parameter set goes; undefined where the first packet does
 * not begin so, or has not exactly one.
 */
export function annexBConfiguration(first: Buffer): Buffer | undefined {
  if (first.indexOf(prefix) < 0 || first.indexOf(prefix) > 1) return undefined
  const sets: Buffer[] = []
  for (let at = first.indexOf(prefix); at >= 0;) {
    const next = first.indexOf(prefix, at + 3)
    const unit = first.subarray(at + 3, next < 0 ? first.length : next)
    // The last unit may go on behind what was read.
    if (unit.length > 0 && (unit.readUInt8(0) & highestUnit) === parameterSet) {
      if (next < 0) return undefined
      sets.push(unit.subarray(0, unit.length - (unit.at(-1) === 0 ? 1 : 0)))
    }
    at = next
  }
  const [set, ...others] = sets
  if (!set || set.length < 4 || others.length > 0) return undefined
  const size = Buffer.alloc(2)
  size.writeUInt16BE(set.length)
  return Buffer.concat([Buffer.from([1]), set.subarray(1, 4), Buffer.from([0xff, 0xe1]), size, set])
}
