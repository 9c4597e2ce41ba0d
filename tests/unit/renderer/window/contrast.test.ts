import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readableOn, sequentialScale } from '../../../../renderer/charts/colour-scale.ts'

const styles = readFileSync(join(import.meta.dirname, '../../../../renderer/styles/tokens.css'), 'utf8')

function tokensOf(theme: string): Map<string, string> {
  const rules = styles.split(`[data-theme='${theme}'] {`)[1]?.split('}')[0] ?? ''
  return new Map([...rules.matchAll(/--([\w-]+): (#[\da-f]{6})/g)].map(([, name, value]) => [name ?? '', value ?? '']))
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(at => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

test.each(['dark', 'light', 'contrast'])('text is readable on every ground in the theme %s', theme => {
  const tokens = tokensOf(theme)
  const grounds = ['ground', 'surface', 'raised', 'hover', 'pressed', 'accent-soft']
  const faint = ['ink', 'ink-2', 'ink-3', 'accent', 'warning', 'danger', 'info'].flatMap(ink =>
    [...grounds, `${ink}-soft`].flatMap(ground => {
      const [text, behind] = [tokens.get(ink), tokens.get(ground)]
      // WCAG 2.2, success criterion 1.4.3.
      return text && behind && contrast(text, behind) < 4.5 ? [`${ink} on ${ground}`] : []
    }),
  )
  expect(tokens.size).toBeGreaterThan(20)
  expect(faint).toEqual([])
})

test.each(['dark', 'light', 'contrast'] as const)('words are readable on every colour of the scale of %s', theme => {
  const scale = sequentialScale(theme)
  const inks = { black: '#000000', white: '#ffffff' }
  for (let step = 0; step <= 255; step++) {
    const ink = inks[readableOn(scale.rgb(step / 255))]
    expect(contrast(scale.css(step / 255), ink)).toBeGreaterThanOrEqual(4.5)
  }
})
