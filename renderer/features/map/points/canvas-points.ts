import { scaleOf } from './camera.ts'
import type { DrawnView, PointLayer, PointLook } from './point-look.ts'

/** Draws points with the canvas itself, where there is no WebGL: the same picture, slower. */
export class CanvasPoints implements PointLayer {
  readonly #context: CanvasRenderingContext2D
  #points: Float32Array = new Float32Array(0)
  #look: PointLook | null = null

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context
  }

  place(points: Float32Array): void {
    this.#points = points
  }

  look(look: PointLook): void {
    this.#look = look
  }

  draw(view: DrawnView, ratio: number): void {
    const context = this.#context
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, view.width, view.height)
    const look = this.#look
    if (!look || look.marks.length * 2 !== this.#points.length) return
    const scale = scaleOf(view)
    for (const point of look.order) {
      const x = (this.#points[2 * point]! - view.camera.x) * scale + view.width / 2
      const y = (this.#points[2 * point + 1]! - view.camera.y) * scale + view.height / 2
      if (x < -view.size || y < -view.size || x > view.width + view.size || y > view.height + view.size) continue
      const [red, green, blue, opacity] = look.colours.subarray(4 * point, 4 * point + 4)
      const isMarked = look.marks[point] === 1
      context.fillStyle = `rgb(${red} ${green} ${blue} / ${isMarked ? 1 : opacity! / 255})`
      context.beginPath()
      context.arc(x, y, view.size / 2, 0, 2 * Math.PI)
      context.fill()
      if (!isMarked) continue
      context.lineWidth = 1.5
      context.strokeStyle = `rgb(${view.ring.join(' ')})`
      context.stroke()
    }
  }

  dispose(): void {}
}
