/** Red, green and blue, 0–255. */
export type Rgb = readonly [number, number, number]

/**
 * What figures and backgrounds are coloured with. The figures of stories have those that {@link figureColors} lists.
 */
export const colors = {
  red: [212, 36, 44],
  orange: [246, 134, 28],
  yellow: [252, 216, 56],
  green: [44, 150, 72],
  teal: [33, 158, 160],
  blue: [36, 92, 206],
  purple: [146, 52, 178],
  pink: [250, 142, 190],
  brown: [112, 70, 40],
  white: [250, 248, 243],
  gray: [158, 164, 172],
  black: [26, 27, 32],
  'dark blue': [40, 56, 108],
  'dark green': [34, 78, 62],
  'light blue': [158, 196, 232],
  'light green': [170, 214, 164],
  'light yellow': [247, 232, 168],
  'light pink': [248, 206, 218],
} as const satisfies Record<string, Rgb>
export type ColorName = keyof typeof colors

/** Colours that nobody takes for one another: every two are at least 0.17 apart by {@link colorDistance}. */
export const figureColors = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
  'white',
  'black',
] as const satisfies readonly ColorName[]

/** How different two colours look: their distance in Oklab (Ottosson 2020), 0 to about 1; 0.02 is just noticed. */
export function colorDistance(first: Rgb, second: Rgb): number {
  const [a, b] = [oklab(first), oklab(second)]
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

export function mix(first: Rgb, second: Rgb, share: number): Rgb {
  return [
    first[0] + (second[0] - first[0]) * share,
    first[1] + (second[1] - first[1]) * share,
    first[2] + (second[2] - first[2]) * share,
  ]
}

function oklab([red, green, blue]: Rgb): Rgb {
  const [r, g, b] = [linear(red), linear(green), linear(blue)]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** The light of a value of sRGB. */
function linear(value: number): number {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
