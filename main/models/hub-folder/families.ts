import { english } from '../../../native-models/english.ts'
import type { ModelConfig } from './configuration.ts'
import { byHand, refusal } from './refusal.ts'

/** What a family of models decides that its files do not all say. */
export interface Family {
  readonly name: string
  /** Class of the image processor where the file names none; a key of `processors`. */
  readonly processor: string
  /** Outputs that lie in the shared space, the surest first. */
  readonly outputs: readonly string[]
  /** Tokens of a text: `fixed` whatever the position embeddings allow, else as many as those, `most` by default. */
  readonly length: { readonly fixed: number } | { readonly most: number }
  /**
   * What the text tower makes of padding: a `causal` one, read at the end token, does not see it; one that reads
   * `both-ways` needs a mask; one that is `padded` was trained with padding up to its length, in small letters.
   */
  readonly reads: 'causal' | 'both-ways' | 'padded'
  /** The token that is padded with where the tokenizer names none: the first of these that it has. */
  readonly padding: readonly string[]
  /** Axes of the frames of a clip where the ONNX file leaves open which are the channels. */
  readonly clips?: 'NTCHW' | 'NCTHW'
  /** Frames of a clip where neither the ONNX file nor config.json says. */
  readonly frames?: number
  /** What the two towers by themselves leave out. */
  readonly warning?: string
}

const embeds = ['text_embeds', 'image_embeds', 'video_embeds'] as const

const clip: Family = {
  name: 'CLIP',
  processor: 'CLIP',
  outputs: embeds,
  length: { most: 77 },
  reads: 'causal',
  padding: ['<|endoftext|>'],
}
const siglip: Family = {
  name: 'SigLIP',
  processor: 'Siglip',
  // The projection into the shared space belongs to the pooling of both towers.
  outputs: [...embeds, 'pooler_output'],
  length: { fixed: 64 },
  reads: 'padded',
  // With the token 1 of SentencePiece's, though it has a <pad>.
  padding: ['</s>'],
}
const bert: Family = { ...clip, reads: 'both-ways', padding: ['[PAD]', '<pad>'] }
/** Video towers exported from research code; their frames and sizes stand in the files. */
const video: Omit<Family, 'name'> = { ...clip, processor: 'VideoMAE', clips: 'NTCHW' }

/** By `model_type` of config.json, without `-` and `_`. */
const families: Readonly<Record<string, Family>> = {
  clip,
  mobileclip: { ...clip, name: 'MobileCLIP' },
  metaclip2: { ...clip, name: 'MetaCLIP 2' },
  siglip,
  siglip2: { ...siglip, name: 'SigLIP 2' },
  // The published code reads 52 tokens of the 512 that BERT has places for.
  chineseclip: { ...bert, name: 'Chinese-CLIP', processor: 'ChineseCLIP', length: { fixed: 52 } },
  altclip: { ...bert, name: 'AltCLIP', length: { fixed: 77 } },
  jinaclip: { ...bert, name: 'Jina CLIP', length: { most: 512 } },
  visiontextdualencoder: { ...bert, name: english`vision-text dual encoder`, processor: 'ViT', length: { most: 512 } },
  openclip: { ...clip, name: 'OpenCLIP' },
  xclip: {
    ...video,
    name: 'X-CLIP',
    frames: 8,
    warning: english`X-CLIP moves each text by what it sees in the video; two towers by themselves leave that out.`,
  },
  viclip: { ...video, name: 'ViCLIP' },
  mobileviclip: { ...video, name: 'MobileViCLIP' },
  internvideo2: { ...video, name: 'InternVideo2' },
  internvideo2clip: { ...video, name: 'InternVideo2-CLIP' },
}

/** @throws ExpectedError when the family is not known to embed pictures and texts into one space. */
export function familyOf({ model_type: type, ...config }: ModelConfig, path: string): Family {
  // Of a fixed size, SigLIP 2 calls itself siglip; its vocabulary is Gemma's.
  if (type === 'siglip' && config.text_config?.vocab_size === 256000) return families.siglip2!
  if (type === null || type === undefined) {
    if (config.vision_cfg && config.text_cfg) return families.openclip!
    throw refusal(english`${path} names no model_type, which says of which family the model is; add it, ${byHand}.`)
  }
  const family = Object.hasOwn(families, plain(type)) ? families[plain(type)] : undefined
  if (!family) {
    throw refusal(
      english`${path} names the family ‘${type}’ (model_type), which is not known here to embed pictures and texts into one space; known are ${known}: download a model of one of these, ${byHand}.`,
    )
  }
  return family
}

const plain = (type: string): string => type.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
const known = [
  ...['clip', 'mobileclip', 'metaclip_2', 'siglip', 'siglip2', 'chinese_clip', 'altclip', 'jina_clip'],
  ...['vision-text-dual-encoder', 'xclip', 'viclip', 'mobileviclip', 'internvideo2'],
].join(', ')
