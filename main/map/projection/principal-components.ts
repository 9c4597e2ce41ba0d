import { dot } from '../../../native-models/dot.ts'
import { normalStream } from '../../../native-models/starter/random.ts'
import type { Matrix } from './matrix.ts'

/** Directions are found from so many rows at most, evenly taken; all rows are then projected onto them. */
const sampledRows = 4096
/** Further directions that are followed beside those asked for, so that the last of them is found as well. */
const spare = 8
/** Of subspace iteration; the spectra of embeddings fall so fast that more change no digit that can be seen. */
const iterations = 8
const seed = 1

/**
 * Projects rows onto their first principal components, the one of the largest variance first. The same rows give the
 * same numbers: the start is seeded, and each direction points where its largest coefficient is positive.
 * @returns [rows, at most `count`]; fewer columns where the rows have no more directions.
 */
export function principalComponents(data: Matrix, count: number): Matrix {
  const { rows, columns, values } = data
  const width = Math.min(count, columns, Math.max(1, rows - 1))
  const mean = meanOf(data)
  const sample = centredSample(data, mean)
  const directions = mainDirections(sample, Math.min(width + spare, columns)).slice(0, width)
  directions.forEach(pointOneWay)
  const projected = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    directions.forEach((direction, place) => {
      let sum = 0
      for (let column = 0, at = row * columns; column < columns; column++, at++) {
        sum += (values[at]! - mean[column]!) * direction[column]!
      }
      projected[row * width + place] = sum
    })
  }
  return { rows, columns: width, values: projected }
}

function meanOf({ rows, columns, values }: Matrix): Float64Array {
  const mean = new Float64Array(columns)
  for (let at = 0; at < rows * columns; at++) mean[at % columns]! += values[at]!
  return mean.map(sum => sum / rows)
}

function centredSample({ rows, columns, values }: Matrix, mean: Float64Array): Matrix {
  const taken = Math.min(rows, sampledRows)
  const sample = new Float32Array(taken * columns)
  for (let place = 0; place < taken; place++) {
    const row = Math.floor((place * rows) / taken)
    for (let column = 0; column < columns; column++) {
      sample[place * columns + column] = values[row * columns + column]! - mean[column]!
    }
  }
  return { rows: taken, columns, values: sample }
}

/** Eigenvectors of the covariance with the largest eigenvalues, by subspace iteration; of unit length. */
function mainDirections(sample: Matrix, count: number): Float64Array[] {
  const normal = normalStream(seed)
  let basis: Float64Array[] = Array.from({ length: count }, () => Float64Array.from({ length: sample.columns }, normal))
  orthonormalise(basis)
  for (let round = 0; round < iterations; round++) {
    basis = basis.map(direction => timesCovariance(sample, direction))
    orthonormalise(basis)
  }
  return alongAxes(sample, basis)
}

/** Turns a basis of the subspace so that the variances along its vectors are those of the principal components. */
function alongAxes(sample: Matrix, basis: readonly Float64Array[]): Float64Array[] {
  const images = basis.map(direction => timesCovariance(sample, direction))
  const inside = basis.map(a => images.map(b => dot(a, b)))
  const { values, vectors } = symmetricEigen(inside)
  const order = values.map((_, place) => place).sort((a, b) => values[b]! - values[a]!)
  return order.map(place => {
    const turned = new Float64Array(sample.columns)
    basis.forEach((direction, k) => {
      const share = vectors[k]![place]!
      for (let column = 0; column < turned.length; column++) turned[column]! += share * direction[column]!
    })
    return turned
  })
}

function timesCovariance({ rows, columns, values }: Matrix, direction: Float64Array): Float64Array {
  const result = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    const from = row * columns
    let along = 0
    for (let column = 0; column < columns; column++) along += values[from + column]! * direction[column]!
    for (let column = 0; column < columns; column++) result[column]! += along * values[from + column]!
  }
  return result.map(value => value / rows)
}

/** Gram and Schmidt, twice for the rounding; what is left without a length stays zero. */
function orthonormalise(basis: readonly Float64Array[]): void {
  basis.forEach((vector, place) => {
    const before = Math.sqrt(dot(vector, vector))
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis.slice(0, place)) {
        const share = dot(vector, other)
        for (let i = 0; i < vector.length; i++) vector[i]! -= share * other[i]!
      }
    }
    const length = Math.sqrt(dot(vector, vector))
    const isRounding = length <= 1e-12 * before
    for (let i = 0; i < vector.length; i++) vector[i] = isRounding ? 0 : vector[i]! / length
  })
}

function pointOneWay(direction: Float64Array): void {
  let largest = 0
  for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value
  if (largest < 0) direction.forEach((value, i) => (direction[i] = -value))
}

const sweeps = 30

/** Eigenvalues, and eigenvectors as columns, of a small symmetric matrix, by Jacobi's rotations. */
function symmetricEigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const size = matrix.length
  const a = matrix.map(row => [...row])
  const vectors = a.map((_, i) => a.map((_, j) => Number(i === j)))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p]![q]!
        if (Math.abs(off) <= 1e-14 * Math.sqrt(Math.abs(a[p]![p]! * a[q]![q]!))) continue
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * off)
        const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cosine = 1 / Math.sqrt(tangent * tangent + 1)
        rotate({ a, vectors }, [p, q], { cosine, sine: tangent * cosine })
      }
    }
  }
  return { values: a.map((row, i) => row[i]!), vectors }
}

function rotate(
  { a, vectors }: { readonly a: number[][]; readonly vectors: number[][] },
  [p, q]: readonly [number, number],
  { cosine, sine }: { readonly cosine: number; readonly sine: number },
): void {
  const turn = (row: number[]) => {
    const [x, y] = [row[p]!, row[q]!]
    row[p] = cosine * x - sine * y
    row[q] = sine * x + cosine * y
  }
  a.forEach(turn)
  vectors.forEach(turn)
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[p]![i]!, a[q]![i]!]
    a[p]![i] = cosine * x - sine * y
    a[q]![i] = sine * x + cosine * y
  }
}
