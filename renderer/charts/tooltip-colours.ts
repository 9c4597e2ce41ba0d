import type { Palette } from './palette.ts'

/** A chart's tooltip in the colours of the window. */
export const tooltipColours = (palette: Palette) => ({
  backgroundColor: palette.raised,
  titleColor: palette.ink,
  bodyColor: palette.ink,
  borderColor: palette.lineStrong,
  borderWidth: 1,
})
