import type { Rgb } from './palette.ts'
import type { Landscape, Size } from './scene.ts'

/** One layer of a landscape, before those that are farther away. */
interface Layer {
  /** Its upper edge as a fraction of the height. @param x in heights of the picture, from its left edge. */
  readonly edge: (x: number) => number
  /** At the upper edge of the layer, and at the lower edge of the picture. */
  readonly colors: readonly [Rgb, Rgb]
  /** How much white is mixed into the colour at a place, 0–1; `depth` is how far below the edge, in heights. */
  readonly light?: (x: number, y: number, depth: number) => number
}

interface Painted {
  /** Above, and at the lower edge of the picture. */
  readonly sky: readonly [Rgb, Rgb]
  readonly layers: readonly Layer[]
  readonly light?: (x: number, y: number) => number
}

/** 0–1, the same for the same whole numbers. */
function scattered(x: number, y: number): number {
  const value = Math.imul(Math.imul(x + 71, 0x27d4eb2d) ^ Math.imul(y + 113, 0x165667b1), 0x9e3779b1)
  return ((value ^ (value >>> 15)) >>> 8) / 2 ** 24
}

const waves = (x: number, ...parts: readonly (readonly [number, number, number])[]) =>
  parts.reduce((sum, [height, length, shift]) => sum + height * Math.sin((x / length + shift) * 2 * Math.PI), 0)

/** Trees of a wood: tips at even distances, of several heights. */
function tips(x: number, width: number, height: number): number {
  const tree = Math.floor(x / width)
  const tall = height * (0.6 + 0.4 * scattered(tree, 5))
  return -tall * (1 - Math.abs(((x / width) % 1) * 2 - 1))
}

/** Roofs of a town. */
function roofs(x: number, width: number, row: number): number {
  return -0.24 * scattered(Math.floor(x / width), row)
}

function windows(x: number, depth: number, width: number): number {
  const [across, down] = [(x / width) * 4, depth * 30]
  const isWindow = across % 1 > 0.35 && across % 1 < 0.75 && down % 1 > 0.3 && down % 1 < 0.75 && depth > 0.02
  return isWindow && scattered(Math.floor(across), Math.floor(down)) > 0.45 ? 0.42 : 0
}

/** Where clouds are, and how long each is. */
const cloudPlaces = [
  [0.3, 0.15, 0.24],
  [1.15, 0.22, 0.3],
  [1.95, 0.12, 0.22],
  [2.6, 0.2, 0.28],
] as const
/** The ovals that a cloud consists of: middle, length and height, in lengths of the cloud. */
const puffs = [
  [0, 0, 1, 0.17],
  [-0.36, -0.1, 0.42, 0.17],
  [0.2, -0.16, 0.5, 0.24],
] as const

function clouds(x: number, y: number): number {
  let light = 0
  for (const [at, high, long] of cloudPlaces) {
    if (Math.abs(x - at) > long || Math.abs(y - high) > long / 2) continue
    for (const [right, down, length, height] of puffs) {
      const near = 1 - ((x - at) / long - right) ** 2 / length ** 2 - ((y - high) / long - down) ** 2 / height ** 2
      if (near > 0) light = Math.max(light, 0.6 * Math.min(1, near * 2))
    }
  }
  return light
}

function smallLights(x: number, y: number): number {
  const [across, down] = [x * 14, y * 14]
  const [column, row] = [Math.floor(across), Math.floor(down)]
  if (scattered(column, row) < 0.8) return 0
  const [right, low] = [0.2 + 0.6 * scattered(column, row + 91), 0.2 + 0.6 * scattered(column + 57, row)]
  const away = Math.hypot(across - column - right, down - row - low)
  return away < 0.12 ? 0.6 * (1 - away / 0.12) : 0
}

/** Slanting rays that lose themselves on their way down. */
function rays(x: number, y: number): number {
  return Math.max(0, waves(x - 0.35 * y, [0.16, 0.41, 0.2], [0.1, 0.17, 0.6]) * (1 - y / 0.8))
}

const landscapes: Readonly<Record<Landscape, Painted>> = {
  sea: {
    sky: [
      [186, 218, 240],
      [232, 240, 240],
    ],
    light: clouds,
    layers: [
      {
        edge: () => 0.52,
        colors: [
          [96, 164, 204],
          [52, 116, 172],
        ],
        light: (x, _y, depth) =>
          0.09 *
          Math.max(0, Math.sin(70 * Math.sqrt(depth + 0.01) + waves(x, [0.9, 0.31, 0.1], [0.7, 0.13, 0.4])) - 0.55),
      },
    ],
  },
  hills: {
    sky: [
      [176, 212, 240],
      [232, 242, 244],
    ],
    light: clouds,
    layers: [
      {
        edge: x => 0.5 + waves(x, [0.05, 1.3, 0.1], [0.02, 0.5, 0.3]),
        colors: [
          [158, 200, 146],
          [140, 190, 130],
        ],
      },
      {
        edge: x => 0.64 + waves(x, [0.07, 1.7, 0.55], [0.015, 0.6, 0]),
        colors: [
          [122, 178, 108],
          [92, 152, 88],
        ],
      },
    ],
  },
  desert: {
    sky: [
      [196, 222, 232],
      [252, 240, 218],
    ],
    layers: [
      {
        edge: x => 0.52 + waves(x, [0.045, 1.1, 0.2], [0.02, 0.43, 0.7]),
        colors: [
          [236, 206, 156],
          [226, 190, 138],
        ],
      },
      {
        edge: x => 0.68 + waves(x, [0.07, 1.9, 0.75], [0.01, 0.5, 0.2]),
        colors: [
          [224, 184, 128],
          [206, 162, 108],
        ],
      },
    ],
  },
  city: {
    sky: [
      [204, 212, 230],
      [240, 230, 226],
    ],
    layers: [
      {
        edge: x => 0.56 + roofs(x, 0.17, 1),
        colors: [
          [176, 180, 200],
          [160, 164, 186],
        ],
      },
      {
        edge: x => 0.76 + roofs(x + 0.07, 0.21, 2),
        colors: [
          [136, 140, 164],
          [118, 122, 146],
        ],
        light: (x, _y, depth) => windows(x + 0.07, depth, 0.21),
      },
    ],
  },
  night: {
    sky: [
      [22, 26, 62],
      [54, 56, 108],
    ],
    light: smallLights,
    layers: [
      {
        edge: x => 0.8 + waves(x, [0.05, 1.5, 0.3], [0.02, 0.55, 0.1]),
        colors: [
          [16, 18, 40],
          [12, 12, 30],
        ],
      },
    ],
  },
  sunset: {
    sky: [
      [150, 116, 172],
      [252, 190, 140],
    ],
    layers: [
      {
        edge: x => 0.74 + waves(x, [0.03, 1.2, 0.15], [0.02, 0.5, 0.4]),
        colors: [
          [96, 70, 112],
          [74, 54, 92],
        ],
      },
    ],
  },
  forest: {
    sky: [
      [214, 232, 226],
      [238, 244, 230],
    ],
    layers: [
      {
        edge: x => 0.56 + tips(x + 0.04, 0.11, 0.2),
        colors: [
          [144, 186, 152],
          [124, 172, 134],
        ],
      },
      {
        edge: x => 0.82 + tips(x, 0.17, 0.3),
        colors: [
          [86, 140, 100],
          [66, 116, 82],
        ],
      },
    ],
  },
  mountains: {
    sky: [
      [188, 212, 238],
      [236, 240, 246],
    ],
    layers: [
      {
        edge: x => 0.3 + 0.34 * Math.abs((((x + 0.25) / 0.62) % 1) * 2 - 1) + waves(x, [0.012, 0.12, 0.3]),
        colors: [
          [150, 162, 192],
          [134, 148, 180],
        ],
        light: (x, y) => (y < 0.43 + waves(x, [0.025, 0.09, 0.2]) ? 0.82 : 0),
      },
      {
        edge: x => 0.72 + waves(x, [0.04, 1.4, 0.2], [0.015, 0.4, 0.6]),
        colors: [
          [112, 132, 150],
          [96, 116, 134],
        ],
      },
    ],
  },
  snow: {
    sky: [
      [178, 186, 204],
      [222, 226, 234],
    ],
    light: smallLights,
    layers: [
      {
        edge: x => 0.58 + tips(x + 0.03, 0.09, 0.16),
        colors: [
          [206, 214, 224],
          [198, 206, 218],
        ],
      },
      {
        edge: x => 0.66 + waves(x, [0.05, 1.5, 0.4], [0.015, 0.5, 0.1]),
        colors: [
          [248, 250, 253],
          [230, 234, 244],
        ],
      },
    ],
  },
  'deep water': {
    sky: [
      [92, 176, 190],
      [24, 84, 118],
    ],
    light: rays,
    layers: [
      {
        edge: x => 0.86 + waves(x, [0.04, 1.3, 0.6], [0.02, 0.37, 0.2]),
        colors: [
          [66, 112, 112],
          [44, 82, 92],
        ],
      },
    ],
  },
}

/** The colours that a landscape consists of. */
export function landscapeColors(landscape: Landscape): Rgb[] {
  const { sky, layers } = landscapes[landscape]
  return [sky, ...layers.map(layer => layer.colors)].flat()
}

/**
 * Paints a landscape: RGB bytes `[height, width, 3]`. Lengths are measured in heights, so that a wider picture shows
 * more of it and a higher one the same larger.
 */
export function paintLandscape(landscape: Landscape, { width, height }: Size): Uint8Array {
  const { sky, layers, light } = landscapes[landscape]
  const pixels = new Uint8Array(width * height * 3)
  const edges = layers.map(() => 0)
  for (let x = 0; x < width; x += 1) {
    const across = (x + 0.5) / height
    for (const [index, layer] of layers.entries()) edges[index] = layer.edge(across)
    for (let y = 0; y < height; y += 1) {
      const down = (y + 0.5) / height
      let [red, green, blue] = between(sky, down)
      const above = light?.(across, down) ?? 0
      red += (255 - red) * above
      green += (255 - green) * above
      blue += (255 - blue) * above
      for (const [index, layer] of layers.entries()) {
        const depth = down - (edges[index] ?? 0)
        const cover = Math.min(1, Math.max(0, depth * height + 0.5))
        if (cover === 0) continue
        const color = between(layer.colors, depth / Math.max(0.01, 1 - (edges[index] ?? 0)))
        const more = layer.light?.(across, down, Math.max(0, depth)) ?? 0
        red += (color[0] + (255 - color[0]) * more - red) * cover
        green += (color[1] + (255 - color[1]) * more - green) * cover
        blue += (color[2] + (255 - color[2]) * more - blue) * cover
      }
      const at = (y * width + x) * 3
      pixels[at] = red
      pixels[at + 1] = green
      pixels[at + 2] = blue
    }
  }
  return pixels
}

function between([from, to]: readonly [Rgb, Rgb], share: number): [number, number, number] {
  const part = Math.min(1, Math.max(0, share))
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part]
}
