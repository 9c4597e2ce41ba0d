import { ExpectedError } from '../expected-error.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { assertInputFits } from '../lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../lfvila/configuration/config.ts'
import type { LfVilaKind } from '../lfvila/configuration/state-dict.ts'
import { models } from '../lfvila/models/models.ts'
import type { ModelShapes } from '../lfvila/models/models.ts'

export interface ForwardOptions extends ModelShapes {
  /**
   * Names of the fixtures' format: for example `logits` for the answer of a classifying model, `video.layer3`,
   * `textGlobal`, `loss.time`.
   */
  readonly outputs: readonly string[]
}

/**
 * The forward pass of one kind of model with any of its results as outputs, in full: choosing batch elements, frames,
 * windows and rows is up to the caller. Only what the outputs need is computed, and only the inputs that it needs are
 * inputs: `video`; `textIds`, `attentionMask`; for losses the labels that the model's own documentation names.
 * @param options.video frames and size may differ from the configuration's.
 * @throws ExpectedError for an output that is not known or inputs that do not fit the model.
 */
export function forward(config: LfVilaConfig, kind: LfVilaKind, options: ForwardOptions): Program {
  const [, frames, height, width] = options.video
  const video = { ...config.video, frames, inputSize: [height, width] as const }
  assertInputFits(video, config.clips)
  const known = models[kind]({ ...config, video }, options)
  return makeProgram(
    `forward-${kind}`,
    Object.fromEntries(
      options.outputs.map(name => {
        const build = known[name]
        if (!build) {
          throw new ExpectedError(
            'unknown-output',
            `A model of kind ${kind} has no output ${name} of these inputs; it has ${Object.keys(known).join(', ')}.`,
          )
        }
        return [name, build()]
      }),
    ),
  )
}
