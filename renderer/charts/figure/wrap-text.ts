/** Scripts whose lines may end between any two signs. */
const unspaced = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/u

/** The text in lines of at most `room`, as `width` measures them; nothing is left out, long words are broken. */
export function wrapText(text: string, room: number, width: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  const take = (piece: string) => {
    if (line !== '' && width((line + piece).trimEnd()) > room) {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    } else {
      line += piece
    }
  }
  for (const piece of piecesOf(text)) {
    if (width(piece.trim()) <= room) take(piece)
    else for (const sign of piece) take(sign)
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd())
  return lines
}

/** Parts between which a line may end; the space after a word belongs to it. */
function piecesOf(text: string): string[] {
  const words = text.replaceAll(/\s+/g, ' ').trim().match(/\S+ ?/gu) ?? []
  return words.flatMap(word =>
    unspaced.test(word) ? (word.match(/[\p{L}\p{N}]{1}[\p{P}]* ?|[\s\S]/gu) ?? []) : [word],
  )
}
