/** Aligned columns under a heading; columns whose values are all numbers stand to the right. */
export function table(heading: string[], rows: (string | number)[][]): string {
  const cells = [heading, ...rows.map(row => row.map(cell => String(cell).replace(/\p{Cc}/gu, ' ')))]
  const widths = heading.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  const numeric = heading.map(
    (_, column) =>
      rows.length > 0 &&
      rows.every(row => typeof row[column] === 'number' || /^-?[\d.,:]+(e[+-]\d+)?$/.test(String(row[column]))),
  )
  return cells
    .map(row =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return numeric[column] ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
