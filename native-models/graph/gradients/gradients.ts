import { add } from '../build.ts'
import { scalar } from '../tensor.ts'
import type { Tensor } from '../tensor.ts'
import { gradientOf } from './table.ts'

/**
 * Reverse-mode differentiation: the gradient of a loss with respect to weights, as tensors of the same graph.
 * Visits only what lies between the loss and a wanted weight.
 * @param loss a float32 scalar.
 * @param parameters names of weights. @returns their gradients, by name.
 * @throws when the loss does not depend on one of them, or depends on it through an op without a rule.
 */
export function gradients(loss: Tensor, parameters: Iterable<string>): Map<string, Tensor> {
  if (loss.dtype !== 'float32' || loss.shape.length > 0) throw new Error('only a float32 scalar can be differentiated')
  const wanted = new Set(parameters)
  const path = pathTo(wanted, loss)
  const reached = new Map<Tensor, Tensor>([[loss, scalar(1)]])
  const result = new Map<string, Tensor>()
  for (const tensor of [...path].reverse()) {
    const gradient = reached.get(tensor)
    if (gradient === undefined) continue
    reached.delete(tensor)
    const { source } = tensor
    if (source.kind === 'parameter') {
      const known = result.get(source.name)
      result.set(source.name, known ? add(known, gradient) : gradient)
    }
    if (source.kind !== 'op') continue
    const { op, inputs, attributes } = source.node
    const rule = gradientOf(op)
    if (!rule) throw new Error(`${op} has no gradient`)
    const contributions = rule({ inputs, output: tensor, attributes }, gradient)
    if (contributions.length !== inputs.length) {
      throw new Error(`the gradient of ${op} answers for ${contributions.length} of ${inputs.length} inputs`)
    }
    for (const [index, input] of inputs.entries()) {
      const contribution = contributions[index]
      if (!contribution || !path.has(input)) continue
      if (contribution.shape.join() !== input.shape.join()) {
        throw new Error(
          `the gradient of ${op} by input ${index} has shape [${contribution.shape.join(', ')}] instead of [${input.shape.join(', ')}]`,
        )
      }
      const known = reached.get(input)
      reached.set(input, known ? add(known, contribution) : contribution)
    }
  }
  for (const name of wanted) if (!result.has(name)) throw new Error(`the loss does not depend on ${name}`)
  return result
}

/** Every tensor through which the loss depends on a wanted weight, each after those it is computed from. */
function pathTo(wanted: ReadonlySet<string>, loss: Tensor): Set<Tensor> {
  const leads = new Map<Tensor, boolean>()
  const path = new Set<Tensor>()
  const visit = (tensor: Tensor): boolean => {
    const known = leads.get(tensor)
    if (known !== undefined) return known
    const { source } = tensor
    const inputs = source.kind === 'op' ? source.node.inputs : []
    const found = inputs.filter(visit).length > 0 || (source.kind === 'parameter' && wanted.has(source.name))
    leads.set(tensor, found)
    if (found) path.add(tensor)
    return found
  }
  visit(loss)
  return path
}
