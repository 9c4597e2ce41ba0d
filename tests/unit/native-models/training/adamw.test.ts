import { expect, test } from 'vitest'
import { createSession } from '../../../../main/engine/onnxruntime.ts'
import type { TensorValue } from '../../../../main/engine/onnxruntime.ts'
import { toOnnx } from '../../../../native-models/graph/onnx.ts'
import { adamW, adamWScalars, publishedAdamW } from '../../../../native-models/training/adamw.ts'

const [length, learningRate, weightDecay, gradientScale] = [6, 1e-2, 0.1, 0.5]
const gradientAt = (step: number): number[] => Array.from({ length }, (_, index) => Math.sin(step * 3 + index))

/** Loshchilov and Hutter, algorithm 2, in float64. */
function reference(start: readonly number[], steps: number): number[] {
  const {
    betas: [first, second],
    epsilon,
  } = publishedAdamW
  const [values, m, v] = [[...start], start.map(() => 0), start.map(() => 0)]
  for (let step = 1; step <= steps; step++) {
    for (const [place, raw] of gradientAt(step).entries()) {
      const gradient = gradientScale * raw
      m[place] = first * (m[place] ?? 0) + (1 - first) * gradient
      v[place] = second * (v[place] ?? 0) + (1 - second) * gradient ** 2
      const step1 =
        (m[place] ?? 0) / (1 - first ** step) / (Math.sqrt((v[place] ?? 0) / (1 - second ** step)) + epsilon)
      values[place] = (values[place] ?? 0) - learningRate * (step1 + weightDecay * (values[place] ?? 0))
    }
  }
  return values
}

test('ten steps of AdamW, written over its own inputs, are those of the paper', async () => {
  const session = await createSession(toOnnx(adamW(length, publishedAdamW), () => ({ inline: new Uint8Array() })))
  const tensor = (data: Float32Array, dims = [length]): TensorValue => ({ dtype: 'float32', dims, data })
  const start = Array.from({ length }, (_, index) => index - 2)
  const state = {
    parameters: tensor(Float32Array.from(start)),
    firstMoments: tensor(new Float32Array(length)),
    secondMoments: tensor(new Float32Array(length)),
  }
  const into = Object.fromEntries(Object.entries(state).map(([name, memory]) => [`next.${name}`, memory]))
  try {
    for (let step = 1; step <= 10; step++) {
      const scalars = Object.entries(
        adamWScalars(publishedAdamW, { step, learningRate, weightDecay, gradientScale }),
      ).map(([name, value]) => [name, tensor(Float32Array.of(value), [])])
      await session.run(
        { ...state, gradients: tensor(Float32Array.from(gradientAt(step))), ...Object.fromEntries(scalars) },
        undefined,
        into,
      )
    }
  } finally {
    await session.dispose()
  }
  // Ten steps of float32 rounding on values of the order of 1.
  for (const [place, expected] of reference(start, 10).entries()) {
    expect(Math.abs((state.parameters.data[place] as number) - expected)).toBeLessThan(5e-6)
  }
})
