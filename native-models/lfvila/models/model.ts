import { ExpectedError } from '../../expected-error.ts'
import { reshape } from '../../graph/build.ts'
import { elementCount, input } from '../../graph/tensor.ts'
import type { Shape, Tensor } from '../../graph/tensor.ts'
import type { LfVilaConfig } from '../configuration/config.ts'
import type { Form } from '../configuration/form.ts'
import { textEncoder } from '../text/text-encoder.ts'
import type { TextEncoding } from '../text/text-encoder.ts'
import { videoEncoder } from '../video/video-encoder.ts'
import type { VideoEncoding } from '../video/video-encoder.ts'
import { poolVideo } from '../video/video-pooling.ts'
import type { PooledVideo } from '../video/video-pooling.ts'

/** What one run of a model is given. */
export interface ModelShapes {
  /** [B, T, H, W, 3] of the input `video`, with the frames and size of the configuration. */
  readonly video: readonly [number, number, number, number, number]
  /** uint8 in 0–255 (the default) or float32 in 0–1. */
  readonly pixels?: 'uint8' | 'float32'
  /**
   * Of the int32 inputs `textIds` and `attentionMask`: [B, M, L], for multiple choice [B, choices, M, L]; null without
   * text.
   */
  readonly text: Shape | null
  /** 'explicit' by default. */
  readonly form?: Form
}

/** Every result of a model by its name in the fixtures; building one builds what it depends on. */
export type ModelOutputs = Readonly<Record<string, () => Tensor>>

/** Builds once, when first asked for. */
export function lazy(build: () => Tensor): () => Tensor {
  let built: Tensor | null = null
  return () => (built ??= build())
}

export interface EncodedVideo {
  readonly encoding: VideoEncoding
  readonly pooled: PooledVideo
  readonly outputs: ModelOutputs
}

/** The video encoder and its pooling, on the input `video`. */
export function encodedVideo(
  config: LfVilaConfig,
  { video: shape, pixels = 'uint8', form }: ModelShapes,
): EncodedVideo {
  const encoding = videoEncoder(input('video', pixels, shape), config.video, form)
  const pooled = poolVideo(encoding.norm, config.clips)
  const { local } = encoding
  const perLayer = encoding.layers.flatMap((layer, index) => {
    const blocks = encoding.attention[index] ?? []
    const ends = { first: blocks[0], last: blocks[blocks.length - 1] }
    return [
      [`video.layer${index}`, () => layer] as const,
      ...Object.entries(ends).flatMap(([name, softmax]) =>
        softmax ? [[`video.layer${index}.attention.${name}`, () => softmax] as const] : [],
      ),
    ]
  })
  return {
    encoding,
    pooled,
    outputs: {
      'video.patchEmbed': () => encoding.patchEmbed,
      ...Object.fromEntries(perLayer),
      'video.norm': () => encoding.norm,
      ...(local ? { 'video.onlyLocal': () => local } : {}),
      'video.clips': () => pooled.clips,
      'video.tokens': () => pooled.tokens,
    },
  }
}

export interface EncodedText {
  readonly encoding: TextEncoding
  readonly outputs: ModelOutputs
}

/**
 * Stages 0 and 1 of the text encoder on the inputs `textIds` and `attentionMask` of shape `given`, read as paragraphs
 * [n, M, L].
 */
export function encodedText(config: LfVilaConfig, given: Shape, paragraphs: Shape = given): EncodedText {
  if (paragraphs.length !== 3 || elementCount(paragraphs) !== elementCount(given)) {
    throw new ExpectedError(
      'text-shape',
      `Text of shape [${given.join(', ')}] does not fit this kind of model; give [B, M, L], for multiple choice [B, choices, M, L].`,
    )
  }
  const read = (name: string): Tensor => reshape(input(name, 'int32', given), paragraphs)
  const encoding = textEncoder(read('textIds'), read('attentionMask'), config.text)
  return {
    encoding,
    outputs: {
      'text.embeddings': () => encoding.embeddings,
      'text.stage0': () => encoding.stage0,
      'text.sentence': () => encoding.sentence,
      'text.stage1': () => encoding.stage1,
    },
  }
}

/** @throws ExpectedError when the configuration does not say how many answers or classes there are. */
export function labelCount({ labels }: LfVilaConfig): number {
  if (labels === null) {
    throw new ExpectedError(
      'model-config',
      'The model configuration does not say how many answers or classes there are to choose from; give DATA.classification_labels.',
    )
  }
  return labels
}
