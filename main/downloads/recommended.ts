import { english } from '../../native-models/english.ts'
/** A model of the hub that is worth a look. */
export interface Recommended {
  readonly id: string
  readonly title: string
  /** What it is good for. */
  readonly text: string
  /** As its repository, or that of the original, states it. */
  readonly licence: string
  /** Bytes, roughly: the hub says exactly when it is asked. */
  readonly about: number
}

/** Pairs of towers in the layout that is imported as it is. */
export const recommended: readonly Recommended[] = [
  {
    id: 'hf:Xenova/mobileclip_s0',
    title: 'MobileCLIP S0',
    text: english`Small and fast, for English: made for phones, so it indexes a library on a processor alone.`,
    licence: english`Apple’s own; see LICENSE in the repository`,
    about: 220e6,
  },
  {
    id: 'hf:Xenova/siglip-large-patch16-256',
    title: 'SigLIP Large',
    text: english`Strong, for English: the largest of these. For a GPU, or for patience.`,
    licence: 'Apache 2.0',
    about: 2.62e9,
  },
  {
    id: 'hf:onnx-community/siglip2-base-patch16-256-ONNX',
    title: 'SigLIP 2 Base',
    text: english`Multilingual: searches in many languages. Of middling speed; its text tower is large.`,
    licence: 'Apache 2.0',
    about: 1.54e9,
  },
  {
    id: 'hf:Xenova/clip-vit-base-patch32',
    title: 'CLIP ViT-B/32',
    text: english`The model that most work compares with, for English: fast, and weaker than the others.`,
    licence: english`none stated in the repository; OpenAI’s CLIP is under MIT`,
    about: 608e6,
  },
]
