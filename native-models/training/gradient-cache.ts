import { add, multiply, reduceSum } from '../graph/build.ts'
import { gradients } from '../graph/gradients/gradients.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { rewrite } from '../graph/rewrite.ts'
import { input, parameter } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { LfVilaKind } from '../lfvila/configuration/state-dict.ts'

/**
 * The embeddings that a contrastive loss compares, by their names among the results of a model: all that it depends on,
 * beside inputs that say which of them to compare.
 */
const compared: Readonly<Partial<Record<LfVilaKind, readonly string[]>>> = {
  retrieval: ['videoGlobal', 'textGlobal'],
  'pretrain-stage1': ['videoGlobal', 'textGlobal', 'videoLocal', 'textLocal'],
}

/** Names of the input and output that belong to an embedding. */
export const embeddingInput = (name: string): string => `embedding.${name}`
export const embeddingGradient = (name: string): string => `gradient.${name}`

type Output = (name: string) => Tensor
type Results = Readonly<Record<string, Tensor>> & { readonly loss: Tensor }

/** The embeddings that some results are computed from, by name. */
function embeddingsOf(kind: LfVilaKind, output: Output, results: readonly Tensor[]): Map<string, Tensor> {
  const seen = new Set<Tensor>()
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return
    seen.add(tensor)
    if (tensor.source.kind === 'op') tensor.source.node.inputs.forEach(visit)
  }
  results.forEach(visit)
  const all = (compared[kind] ?? []).map(name => [name, output(name)] as const)
  return new Map(all.filter(([, tensor]) => seen.has(tensor)))
}

/**
 * The loss of a whole batch from the embeddings of its examples (GradCache, Gao et al. 2021). Inputs: the embeddings as
 * `embedding.NAME`, [B, …], and what the loss is fed beside them. Outputs: the loss and what is watched, and
 * `gradient.NAME`, the loss's gradient with respect to each embedding it depends on.
 * @param results of the model for the whole batch, the loss among them.
 */
export function contrastProgram(kind: LfVilaKind, output: Output, results: Results): Program {
  const embeddings = embeddingsOf(kind, output, Object.values(results))
  const inputOf = new Map(
    [...embeddings].map(([name, tensor]) => [tensor, parameter(embeddingInput(name), tensor.shape)]),
  )
  const cut = rewrite(Object.values(results), tensor => inputOf.get(tensor) ?? null)
  const named = Object.fromEntries(Object.keys(results).map((name, index) => [name, cut[index]!]))
  const names = [...embeddingsOf(kind, output, [results.loss]).keys()]
  const byName = gradients(named.loss!, names.map(embeddingInput))
  const program = makeProgram(
    'contrast',
    {
      ...named,
      ...Object.fromEntries(names.map(name => [embeddingGradient(name), byName.get(embeddingInput(name))!])),
    },
    new Set([...embeddings.keys()].map(embeddingInput)),
  )
  const [left] = program.parameters
  if (left) throw new Error(`the loss of ${kind} depends on ${left.name} beside the embeddings`)
  return program
}

/**
 * For one micro-batch: the embeddings that are compared, by name, and as `loss` a scalar whose gradient is the
 * micro-batch's part of the gradient of the whole batch's loss: the sum of the embeddings times `gradient.NAME`, inputs
 * that {@link contrastProgram} gives.
 * @param results of the model for the micro-batch alone, which say what is compared.
 */
export function embeddingResults(kind: LfVilaKind, output: Output, results: Results): Results {
  const products = [...embeddingsOf(kind, output, [results.loss])].map(([name, tensor]) =>
    reduceSum(
      multiply(tensor, input(embeddingGradient(name), 'float32', tensor.shape)),
      tensor.shape.map((_, axis) => axis),
    ),
  )
  return {
    ...Object.fromEntries(embeddingsOf(kind, output, Object.values(results))),
    loss: products.reduce((sum, product) => add(sum, product)),
  }
}
