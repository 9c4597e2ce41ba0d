import { CanvasPoints } from './canvas-points.ts'
import type { PointLayer } from './point-look.ts'
import { WebglPoints } from './webgl-points.ts'

/** By the graphics processor where WebGL 2 is there; else by the canvas, which is slower. */
export function pointLayer(canvas: HTMLCanvasElement): PointLayer {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: false })
  if (gl) return new WebglPoints(gl)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('No canvas context.')
  return new CanvasPoints(context)
}

/** Few points are large, many are small; they grow slower than the map when one comes nearer. */
export function pointSize(count: number, zoom: number): number {
  const all = Math.min(11, Math.max(2.5, 40 / Math.pow(Math.max(count, 1), 0.25)))
  return Math.min(14, all * Math.pow(Math.max(zoom, 0.5), 0.3))
}
