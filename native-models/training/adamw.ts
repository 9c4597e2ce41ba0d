import { add, apply, divide, multiply, subtract } from '../graph/build.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { input, scalar } from '../graph/tensor.ts'

export interface AdamWSettings {
  readonly betas: readonly [number, number]
  readonly epsilon: number
}

/** The reference's (REFERENCE §4). */
export const publishedAdamW: AdamWSettings = { betas: [0.9, 0.98], epsilon: 1e-8 }

/**
 * One step of AdamW with decoupled weight decay, as torch.optim.AdamW computes it, on `length` consecutive weights at a
 * time. Inputs `parameters`, `gradients`, `firstMoments`, `secondMoments` [length] and the scalars of
 * {@link adamWScalars}; outputs `next.parameters`, `next.firstMoments`, `next.secondMoments`. Each output reads its own
 * input in one place only, before it is written: on the CPU an output may be given the memory of its input.
 */
export function adamW(length: number, { betas: [first, second], epsilon }: AdamWSettings): Program {
  const values = (name: string): ReturnType<typeof input> => input(name, 'float32', [length])
  const number = (name: string): ReturnType<typeof input> => input(name, 'float32', [])
  const gradients = multiply(values('gradients'), number('gradientScale'))
  const firstMoments = add(multiply(values('firstMoments'), scalar(first)), multiply(gradients, scalar(1 - first)))
  const secondMoments = add(
    multiply(values('secondMoments'), scalar(second)),
    multiply(multiply(gradients, gradients), scalar(1 - second)),
  )
  const deviation = add(multiply(apply('Sqrt', [secondMoments], {}), number('secondCorrection')), scalar(epsilon))
  const change = multiply(divide(firstMoments, deviation), number('stepSize'))
  return makeProgram('adamw', {
    'next.parameters': subtract(multiply(values('parameters'), number('decay')), change),
    'next.firstMoments': firstMoments,
    'next.secondMoments': secondMoments,
  })
}

/**
 * What an update depends on besides the weights.
 * @param step counted from 1. @param gradientScale what the gradients are multiplied with first: clipping, loss scale.
 */
export function adamWScalars(
  { betas: [first, second] }: AdamWSettings,
  {
    step,
    learningRate,
    weightDecay,
    gradientScale,
  }: {
    readonly step: number
    readonly learningRate: number
    readonly weightDecay: number
    readonly gradientScale: number
  },
): Readonly<Record<'gradientScale' | 'secondCorrection' | 'stepSize' | 'decay', number>> {
  return {
    gradientScale,
    secondCorrection: 1 / Math.sqrt(1 - second ** step),
    stepSize: learningRate / (1 - first ** step),
    decay: 1 - learningRate * weightDecay,
  }
}
