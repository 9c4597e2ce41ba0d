type Attributes = Readonly<Record<string, string | number | null>>

const tenths = 100

/** A number as SVG needs it, to a hundredth of a pixel. */
export function inSvg(value: number): string {
  return String(Math.round(value * tenths) / tenths)
}

export function escapeXml(text: string): string {
  return (
    text
      // What XML cannot hold at all would make the file unreadable.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  )
}

/** An element of SVG; attributes that are null are left out, `content` is markup. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? inSvg(value) : escapeXml(value ?? '')}"`)
    .join('')
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`
}

interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly colour: string
}

/** Coloured cells as one path for each colour: tens of thousands of cells stay a small file. */
export function cellPaths(cells: Iterable<Cell>, opacity: number | null = null): string[] {
  const byColour = new Map<string, string[]>()
  for (const { x, y, width, height, colour } of cells) {
    const path = `M${inSvg(x)} ${inSvg(y)}h${inSvg(width)}v${inSvg(height)}h${inSvg(-width)}z`
    const paths = byColour.get(colour)
    if (paths) paths.push(path)
    else byColour.set(colour, [path])
  }
  return [...byColour].map(([fill, paths]) => element('path', { fill, 'fill-opacity': opacity, d: paths.join('') }))
}
