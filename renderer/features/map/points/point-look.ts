import type { View } from './camera.ts'

/** How points are drawn, each in its own colour. */
export interface PointLook {
  /** Red, green, blue and opacity of each point, 0–255. */
  readonly colours: Uint8Array
  /** Points in the order in which they are drawn: later ones lie over earlier ones. */
  readonly order: Uint32Array
  /** 1 for those that stand out with a ring. */
  readonly marks: Uint8Array
}

export interface DrawnView extends View {
  /** Diameter of a point, CSS pixels. */
  readonly size: number
  /** Of the ring: red, green and blue, 0–255. */
  readonly ring: readonly [number, number, number]
}

/** Draws the points of a map. */
export interface PointLayer {
  /** @param points [count × 2] */
  place(points: Float32Array): void
  look(look: PointLook): void
  /** @param ratio pixels of the canvas for one of CSS */
  draw(view: DrawnView, ratio: number): void
  dispose(): void
}
