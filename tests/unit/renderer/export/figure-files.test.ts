import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compose, svgFile } from '../../../../renderer/charts/figure/compose.ts'
import { cssPixels, pngPixels, svgLength } from '../../../../renderer/charts/figure/figure-size.ts'
import type { Figure } from '../../../../renderer/charts/figure/figure.ts'
import { drawHeatMap } from '../../../../renderer/charts/figure/heat-map.ts'
import { extremes, roundTicks } from '../../../../renderer/charts/figure/line-chart.ts'
import { withPngFacts } from '../../../../renderer/charts/figure/png-chunks.ts'
import { figureColours } from '../../../../renderer/charts/figure/sheet.ts'
import { wrapText } from '../../../../renderer/charts/figure/wrap-text.ts'
import { uniformPalettes, uniformScale } from '../../../../renderer/charts/uniform-palettes.ts'

/** Every sign half as wide as it is high. */
const measure = (text: string, { size }: { size: number }) => (text.length * size) / 2

const look = {
  width: 400,
  em: 12,
  family: 'Helvetica',
  colours: figureColours.light,
  scale: uniformScale('teal', false),
}
const title = 'Clips × sentences: a <b>film</b> & its "second" part with a name that is far longer than one line'
const figure: Figure = {
  stem: 'film',
  title,
  subtitle: 'cosine',
  key: {
    kind: 'scale',
    temperature: null,
    range: () => ({ min: 0, max: 1 }),
    unit: () => 'cosine similarity',
    format: String,
  },
  pictures: [],
  picturesOptional: false,
  draw: (sheet, top, chosen) =>
    drawHeatMap(
      sheet,
      {
        values: [
          [0, 0.5],
          [1, 0.5],
        ],
        rows: { title: 'time', labels: ['0:00', '0:04'], even: true },
        columns: { title: 'sentence', labels: ['1', '2'], even: true },
        square: false,
        written: null,
      },
      { top, chosen },
    ),
}
const composed = (height: number | null) =>
  compose({
    figure,
    look,
    range: null,
    temperature: null,
    withPictures: false,
    height,
    pictures: new Map(),
    measure,
  })

/** The words of all texts, in their order. */
const textsOf = (markup: string) =>
  [...markup.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )

describe('a figure', () => {
  it('says everything in text that stays text, wrapped and escaped', () => {
    const texts = textsOf(composed(null).markup)
    expect(texts.join(' ')).toContain(title)
    // The margins are one font size wide, and no sign is wider than half of one.
    expect(Math.max(...texts.map(text => text.length))).toBeLessThan((400 - 24) / 6)
    expect(texts).toContain('cosine similarity')
  })

  it('colours its cells from the smallest to the largest value', () => {
    const { markup } = composed(null)
    for (const value of [0, 0.5, 1]) expect(markup).toContain(`<path fill="${look.scale.css(value)}"`)
  })

  it('is as high as was chosen, or as it needs', () => {
    const own = composed(null)
    expect(composed(own.height + 200)).toMatchObject({ height: own.height + 200, fits: true })
    const small = composed(40)
    expect(small.fits).toBe(false)
    expect(small.height).toBeLessThan(own.height)
  })

  it('carries where it comes from', () => {
    const file = svgFile(composed(null), {
      title,
      description: 'model m',
      provenance: { videos: [{ path: '/videos/<a>.mp4' }] },
      size: { width: '84mm', height: '50mm' },
      look,
    })
    expect(file).toContain('width="84mm"')
    const metadata = /<metadata>(.*)<\/metadata>/.exec(file)?.[1] ?? ''
    const read = metadata.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>')
    expect(JSON.parse(read)).toEqual({ videos: [{ path: '/videos/<a>.mp4' }] })
    expect(file).not.toMatch(/style=|<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  })
})

describe('sizes', () => {
  it('are millimetres at 96 CSS pixels an inch, or pixels of the PNG file', () => {
    expect(cssPixels(25.4, { unit: 'mm', dpi: 300 })).toBeCloseTo(96, 9)
    expect(pngPixels(96, { dpi: 300 })).toBe(300)
    expect(pngPixels(cssPixels(1200, { unit: 'px', dpi: 150 }), { dpi: 150 })).toBe(1200)
    expect(svgLength(96, { unit: 'mm', dpi: 300 })).toBe('25.4mm')
  })
})

describe('withPngFacts', () => {
  it('puts resolution and texts behind the header, with their checksums', () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
      'base64',
    )
    const file = Buffer.from(withPngFacts(Uint8Array.from(png), { dpi: 300, texts: { Title: 'Bär', Note: '片段' } }))
    const chunks = []
    for (let at = 8; at < file.length;) {
      const length = file.readUInt32BE(at)
      const type = file.toString('latin1', at + 4, at + 8)
      const body = file.subarray(at + 4, at + 8 + length)
      expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(body))
      chunks.push([type, body.subarray(4)] as const)
      at += 12 + length
    }
    expect(chunks.map(([type]) => type)).toEqual(['IHDR', 'pHYs', 'tEXt', 'iTXt', 'IDAT', 'IEND'])
    // 300 dpi are 11,811 pixels a metre.
    expect(chunks[1]?.[1].readUInt32BE(0)).toBe(11_811)
    expect(chunks[2]?.[1].toString('latin1')).toBe('Title\0Bär')
    expect(chunks[3]?.[1].toString()).toBe('Note\0\0\0\0\0片段')
  })
})

describe('wrapText', () => {
  const width = (text: string) => text.length
  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['a veryverylongword b', 6, ['a very', 'verylo', 'ngword', 'b']],
    ['片段与句子的相似度。', 4, ['片段与句', '子的相似', '度。']],
    ['', 5, ['']],
  ])('breaks %j at %d', (text, room, lines) => expect(wrapText(text, room, width)).toEqual(lines))
})

describe('uniform palettes', () => {
  /** CIE 1976 lightness of an sRGB colour, 0–100. */
  function lightness(colour: readonly number[]): number {
    const [red = 0, green = 0, blue = 0] = colour.map(channel => {
      const part = channel / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    const y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y
  }
  it.each(uniformPalettes)('%s darkens in even steps', palette => {
    const scale = uniformScale(palette, false)
    const steps = Array.from({ length: 17 }, (_, step) => lightness(scale.rgb(step / 16)))
    const falls = steps.slice(1).map((value, index) => (steps[index] ?? 0) - value)
    const mean = ((steps[0] ?? 0) - (steps[16] ?? 0)) / 16
    expect(mean).toBeGreaterThan(4)
    // OKLab's lightness and CIE's differ by hue and at the dark end: no step is a fifth off the mean.
    for (const fall of falls) expect(Math.abs(fall / mean - 1)).toBeLessThan(0.2)
    expect(uniformScale(palette, true).rgb(0)).toEqual(scale.rgb(1))
  })
})

describe('a line chart', () => {
  it('has round ticks between its ends', () => {
    expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(roundTicks(3, 17, 4)).toEqual([5, 10, 15])
  })

  it('keeps every spike of many points in a pixel', () => {
    const points = Array.from({ length: 1000 }, (_, index) => ({
      x: index / 500,
      y: index === 300 ? 9 : index === 700 ? -9 : 0,
    }))
    const kept = extremes(points)
    expect(kept.length).toBeLessThan(10)
    expect(kept.map(({ y }) => y)).toEqual(expect.arrayContaining([9, -9]))
  })
})
