/** A part of a tokenizer.json, not yet looked at. */
export type Part = Readonly<Record<string, unknown>>

export const typeOf = ({ type }: Part): string | null => (typeof type === 'string' ? type : null)

/** Why a tokenizer.json is refused; the rest of a sentence that begins with the file. */
export class UncomputableTokenizer extends Error {}

export function refused(part: string, why: string): UncomputableTokenizer {
  return new UncomputableTokenizer(`${part} cannot be computed here: ${why}`)
}
