import type { Written } from '../../../composables/addressed.ts'

/** Where the map is looked at: its point in the middle, and how much larger than when all of it fits. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** A camera over an area of the screen, in CSS pixels; `fit` pixels are one unit of the map at zoom 1. */
export interface View {
  readonly camera: Camera
  readonly width: number
  readonly height: number
  readonly fit: number
}

export interface Place {
  readonly x: number
  readonly y: number
}

/** Left, top, right and bottom. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Pixels that stay free around all points: for the pictures of the outermost, and the tools at the left. */
const margin = { x: 84, y: 62 }
const zooms = { least: 0.2, most: 2000 }

export function boundsOf(points: Float32Array): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = [points[at] ?? 0, points[at + 1] ?? 0]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return points.length === 0 ? { left: -1, top: -1, right: 1, bottom: 1 } : { left, top, right, bottom }
}

/** The camera that shows all of a box, and how many pixels a unit then has. */
export function fitting(box: Box, { width, height }: { readonly width: number; readonly height: number }) {
  const [wide, high] = [Math.max(box.right - box.left, 1e-3), Math.max(box.bottom - box.top, 1e-3)]
  const fit = Math.min(Math.max(width - 2 * margin.x, 1) / wide, Math.max(height - 2 * margin.y, 1) / high)
  // One point, or a row of them, must not fill the window with its neighbourhood.
  return {
    camera: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, zoom: 1 },
    fit: Math.min(fit, Math.max(width, height)),
  }
}

export const scaleOf = ({ camera, fit }: View): number => camera.zoom * fit

export function toScreen(view: View, { x, y }: Place): Place {
  const scale = scaleOf(view)
  return { x: (x - view.camera.x) * scale + view.width / 2, y: (y - view.camera.y) * scale + view.height / 2 }
}

export function toMap(view: View, { x, y }: Place): Place {
  const scale = scaleOf(view)
  return { x: (x - view.width / 2) / scale + view.camera.x, y: (y - view.height / 2) / scale + view.camera.y }
}

/** The camera after the map was drawn along by so many pixels. */
export function panned(view: View, by: Place): Camera {
  const scale = scaleOf(view)
  const { x, y, zoom } = view.camera
  return { x: x - by.x / scale, y: y - by.y / scale, zoom }
}

/** The camera so many times nearer, with what is at a place of the screen left there. */
export function zoomed(view: View, factor: number, at: Place): Camera {
  const zoom = Math.min(zooms.most, Math.max(zooms.least, view.camera.zoom * factor))
  const fixed = toMap(view, at)
  const scale = zoom * view.fit
  return { x: fixed.x - (at.x - view.width / 2) / scale, y: fixed.y - (at.y - view.height / 2) / scale, zoom }
}

const decimals = 4
const short = (value: number): string => String(Number(value.toFixed(decimals)))

/** `0.12,-0.4,2.5` */
export const cameraInAddress: Written<Camera> = {
  read: text => {
    const [x, y, zoom, ...rest] = text.split(',').map(part => (/^-?\d{1,4}(\.\d+)?$/.test(part) ? Number(part) : NaN))
    if (x === undefined || y === undefined || zoom === undefined || rest.length > 0) return null
    if (![x, y, zoom].every(Number.isFinite) || zoom < zooms.least || zoom > zooms.most) return null
    return { x, y, zoom }
  },
  write: ({ x, y, zoom }) => [x, y, zoom].map(short).join(','),
}
