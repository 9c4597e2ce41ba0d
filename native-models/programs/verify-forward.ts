import { ExpectedError } from '../expected-error.ts'
import { makeProgram } from '../graph/program.ts'
import type { Program } from '../graph/program.ts'
import { add, multiply } from '../graph/build.ts'
import { input, scalar } from '../graph/tensor.ts'
import type { Tensor } from '../graph/tensor.ts'
import { demandInputFits } from '../lfvila/config.ts'
import type { LfVilaConfig } from '../lfvila/config.ts'
import type { Form } from '../lfvila/form.ts'
import { globalContrastiveLoss, temporalContrastiveLoss } from '../lfvila/losses.ts'
import { project, videoGlobalEmbedding } from '../lfvila/projections.ts'
import { textEncoder } from '../lfvila/text-encoder.ts'
import type { MaskValue } from '../lfvila/text-encoder.ts'
import { videoEncoder } from '../lfvila/video-encoder.ts'
import { poolVideo } from '../lfvila/video-pooling.ts'

export interface VerifyForwardOptions {
  /** Names of FIXTURES.md, for example `video.layer3`, `textGlobal`, `loss.time`. */
  readonly outputs: readonly string[]
  /** [B, T, H, W, 3] of the input `video`; may differ from the configuration's. */
  readonly video: readonly [number, number, number, number, number]
  /** uint8 in 0–255 (the default) or float32 in 0–1. */
  readonly pixels?: 'uint8' | 'float32'
  /** [B, M, L] of the int32 inputs `textIds` and `attentionMask`; null for a model or case without text. */
  readonly text: readonly [number, number, number] | null
  readonly maskValue?: MaskValue
  /** 'explicit' by default. */
  readonly form?: Form
}

type Outputs = Record<string, Tensor>
type Model = (config: LfVilaConfig, options: VerifyForwardOptions) => Outputs

/**
 * The forward pass of one kind of model with any of its intermediate results as outputs, in full: choosing
 * batch elements, frames, windows and rows is up to the caller. Only what the outputs need is computed.
 * Inputs, as far as needed: `video`, `textIds`, `attentionMask`, `keyIndices` and `valueIndices` int32 [B, 2], `otherNegativeIndices` int32 [B].
 * @throws ExpectedError for a kind or an output that is not known.
 */
export function verifyForward(config: LfVilaConfig, kind: string, options: VerifyForwardOptions): Program {
  const model = models[kind]
  if (!model) throw new ExpectedError('unsupported-model', `Models of kind ${kind} cannot be verified; those that can are ${Object.keys(models).join(', ')}.`)
  const [, frames, height, width] = options.video
  const video = { ...config.video, frames, inputSize: [height, width] as const }
  demandInputFits(video, config.clips)
  const known = model({ ...config, video }, options)
  return makeProgram(`verify-${kind}`, Object.fromEntries(options.outputs.map(name => {
    const tensor = known[name]
    if (!tensor) throw new ExpectedError('unknown-output', `A model of kind ${kind} has no output ${name}; it has ${Object.keys(known).join(', ')}.`)
    return [name, tensor]
  })))
}

const models: Readonly<Record<string, Model>> = {
  'retrieval': (config, options) => {
    const video = videoOutputs(config, options)
    const text = textOutputs(config, options)
    return { ...video, ...text, ...globalLoss(video, text, config) }
  },
  'pretrain-stage1': (config, options) => {
    const video = videoOutputs(config, options)
    const text = textOutputs(config, options)
    const videoLocal = project(output(video, 'video.clips'), 'video_local_proj', config.dimension)
    if (options.text === null) return { ...video, videoLocal }
    const textLocal = project(output(text, 'text.sentenceTokens'), 'text_local_proj', config.dimension)
    const [batch] = options.video
    const indices = { key: input('keyIndices', 'int32', [batch, 2]), value: input('valueIndices', 'int32', [batch, 2]), otherNegative: input('otherNegativeIndices', 'int32', [batch]) }
    const global = globalLoss(video, text, config)
    const time = temporalContrastiveLoss(textLocal, videoLocal, indices, config.loss)
    const timeWeighted = multiply(time, scalar(config.loss.timeWeight))
    return { ...video, ...text, ...global, videoLocal, textLocal, 'loss.time': time, 'loss.timeWeighted': timeWeighted, 'loss': add(output(global, 'loss.global'), timeWeighted) }
  },
}

function videoOutputs(config: LfVilaConfig, options: VerifyForwardOptions): Outputs {
  const video = videoEncoder(input('video', options.pixels ?? 'uint8', options.video), config.video, options.form)
  const { tokens, clips } = poolVideo(video.norm, config.clips)
  const layers = video.layers.map((layer, index) => [`video.layer${index}`, layer] as const)
  const attention = video.attention.flatMap((blocks, index) => {
    const [first, last] = [blocks[0], blocks[blocks.length - 1]]
    return first && last ? [[`video.layer${index}.attention.first`, first], [`video.layer${index}.attention.last`, last]] as const : []
  })
  return {
    'video.patchEmbed': video.patchEmbed, ...Object.fromEntries(layers), 'video.norm': video.norm, ...Object.fromEntries(attention),
    ...video.local ? { 'video.onlyLocal': video.local } : {},
    'video.clips': clips, 'video.tokens': tokens, 'videoGlobal': videoGlobalEmbedding(clips, config.dimension),
  }
}

function textOutputs(config: LfVilaConfig, { text: shape, maskValue }: VerifyForwardOptions): Outputs {
  if (shape === null) return {}
  const text = textEncoder(input('textIds', 'int32', shape), input('attentionMask', 'int32', shape), config.text, maskValue)
  return {
    'text.embeddings': text.embeddings, 'text.stage0': text.stage0, 'text.sentence': text.sentence, 'text.stage1': text.stage1,
    'text.sentenceTokens': text.sentenceTokens, 'textGlobal': project(text.globalToken, 'text_global_proj', config.dimension),
  }
}

function globalLoss(video: Outputs, text: Outputs, config: LfVilaConfig): Outputs {
  const [videoGlobal, textGlobal] = [video.videoGlobal, text.textGlobal]
  if (!videoGlobal || !textGlobal) return {}
  const loss = globalContrastiveLoss(videoGlobal, textGlobal, config.loss)
  return { 'loss.global': loss, loss }
}

function output(outputs: Outputs, name: string): Tensor {
  const tensor = outputs[name]
  if (!tensor) throw new Error(`${name} is not computed`)
  return tensor
}
