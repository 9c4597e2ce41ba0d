import type { Extent } from './configuration.ts'

type Channels = readonly [number, number, number]

/** What an image processor does where its file is silent. */
export interface Processor {
  readonly size: Extent
  /** What a single number means as a size: the sides of a square, or the shorter side. */
  readonly square: boolean
  /** Sides of the middle that is cut out; null when nothing is. */
  readonly crop: number | null
  /** PIL's number of the filter. */
  readonly resample: number
  readonly mean: Channels
  readonly std: Channels
  /** ConvNeXt scales to more than `size` and cuts its middle out, unless it is large. */
  readonly cropShare?: number
}

const openAi = { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] } as const
const halves = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const
const clip: Processor = { size: { shortest_edge: 224 }, square: false, crop: 224, resample: 3, ...openAi }
const square = (side: number): Extent => ({ height: side, width: side })
const vit: Processor = { size: square(224), square: true, crop: null, resample: 2, ...halves }

/** Defaults of transformers 5.18, by the class of the image processor. */
export const processors: Readonly<Record<string, Processor>> = {
  CLIP: clip,
  ChineseCLIP: clip,
  Bit: clip,
  OpenCLIP: clip,
  JinaCLIP: clip,
  Siglip: { ...vit, resample: 3 },
  ViT: vit,
  Blip: { ...vit, ...openAi, size: square(384), resample: 3 },
  Beit: { ...vit, resample: 3 },
  DeiT: { ...vit, size: square(256), crop: 224, resample: 3 },
  EfficientNet: { ...vit, size: square(346), resample: 3 },
  ConvNext: { ...vit, size: { shortest_edge: 384 }, square: false, resample: 3, cropShare: 224 / 256 },
  VideoMAE: { ...clip, ...halves, resample: 2 },
}

/**
 * The key of {@link processors} for a class as a file names it, as in `CLIPImageProcessorFast`; null for one that is
 * not known.
 */
export function processorName(type: string): string | null {
  const plain = type.replace(/(FeatureExtractor|ImageProcessor|VideoProcessor|Processor)(Fast|Pil)?$/, '')
  return Object.keys(processors).find(name => name.toLowerCase() === plain.toLowerCase()) ?? null
}
