import { scaleOf } from './camera.ts'
import type { DrawnView, PointLayer, PointLook } from './point-look.ts'

const vertexShader = `#version 300 es
in vec2 place;
in vec4 colour;
in float mark;
uniform vec2 centre;
uniform vec2 scale;
uniform float size;
out vec4 fill;
out float ringed;
out float diameter;
void main() {
  vec2 at = (place - centre) * scale;
  gl_Position = vec4(at.x, -at.y, 0.0, 1.0);
  ringed = mark;
  diameter = size + mark * max(3.0, size * 0.5);
  gl_PointSize = diameter;
  fill = colour;
}`

const fragmentShader = `#version 300 es
precision mediump float;
in vec4 fill;
in float ringed;
in float diameter;
uniform vec3 ring;
out vec4 result;
void main() {
  float away = length(gl_PointCoord - 0.5) * diameter;
  float edge = diameter * 0.5;
  float cover = clamp(edge - away, 0.0, 1.0);
  float inner = clamp(edge - max(1.5, diameter * 0.16) - away + 0.5, 0.0, 1.0);
  vec3 shade = ringed > 0.5 ? mix(ring, fill.rgb, inner) : fill.rgb;
  float alpha = cover * (ringed > 0.5 ? 1.0 : fill.a);
  if (alpha <= 0.0) discard;
  result = vec4(shade * alpha, alpha);
}`

/** Draws points with WebGL 2: a hundred thousand in one call. Nothing of it is compiled from text by the page. */
export class WebglPoints implements PointLayer {
  readonly #gl: WebGL2RenderingContext
  #program: WebGLProgram | null = null
  #buffers: Record<'place' | 'colour' | 'mark' | 'order', WebGLBuffer> | null = null
  #points: Float32Array = new Float32Array(0)
  #look: PointLook | null = null
  readonly #onLost = (event: Event) => event.preventDefault()
  readonly #onRestored = () => this.#restore()

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    gl.canvas.addEventListener('webglcontextlost', this.#onLost)
    gl.canvas.addEventListener('webglcontextrestored', this.#onRestored)
    this.#open()
  }

  place(points: Float32Array): void {
    this.#points = points
    this.#fill('place', points)
  }

  look(look: PointLook): void {
    this.#look = look
    this.#fill('colour', look.colours)
    this.#fill('mark', look.marks)
    const { gl, buffers } = { gl: this.#gl, buffers: this.#buffers }
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers?.order ?? null)
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, look.order, gl.STATIC_DRAW)
  }

  draw(view: DrawnView, ratio: number): void {
    const gl = this.#gl
    const { canvas } = gl
    gl.viewport(0, 0, canvas.width, canvas.height)
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
    if (!this.#program || !this.#look || this.#look.marks.length * 2 !== this.#points.length) return
    gl.useProgram(this.#program)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    const uniform = (name: string) => gl.getUniformLocation(this.#program!, name)
    const scale = 2 * scaleOf(view)
    gl.uniform2f(uniform('centre'), view.camera.x, view.camera.y)
    gl.uniform2f(uniform('scale'), scale / view.width, scale / view.height)
    gl.uniform1f(uniform('size'), view.size * ratio)
    const [red, green, blue] = view.ring
    gl.uniform3f(uniform('ring'), red / 255, green / 255, blue / 255)
    gl.drawElements(gl.POINTS, this.#look.order.length, gl.UNSIGNED_INT, 0)
  }

  dispose(): void {
    this.#gl.canvas.removeEventListener('webglcontextlost', this.#onLost)
    this.#gl.canvas.removeEventListener('webglcontextrestored', this.#onRestored)
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext()
  }

  #open(): void {
    const gl = this.#gl
    const program = gl.createProgram()
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertexShader],
      [gl.FRAGMENT_SHADER, fragmentShader],
    ] as const) {
      const shader = gl.createShader(type)
      if (!shader) return
      gl.shaderSource(shader, source)
      gl.compileShader(shader)
      gl.attachShader(program, shader)
    }
    gl.linkProgram(program)
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'no program')
    this.#program = program
    const buffer = () => gl.createBuffer()
    this.#buffers = { place: buffer(), colour: buffer(), mark: buffer(), order: buffer() }
    const attribute = (name: 'place' | 'colour' | 'mark', size: number, type: number) => {
      const location = gl.getAttribLocation(program, name)
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers?.[name] ?? null)
      gl.enableVertexAttribArray(location)
      gl.vertexAttribPointer(location, size, type, name === 'colour', 0, 0)
    }
    attribute('place', 2, gl.FLOAT)
    attribute('colour', 4, gl.UNSIGNED_BYTE)
    attribute('mark', 1, gl.UNSIGNED_BYTE)
  }

  #fill(name: 'place' | 'colour' | 'mark', values: Float32Array | Uint8Array): void {
    const gl = this.#gl
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers?.[name] ?? null)
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW)
  }

  #restore(): void {
    this.#open()
    this.place(this.#points)
    if (this.#look) this.look(this.#look)
  }
}
