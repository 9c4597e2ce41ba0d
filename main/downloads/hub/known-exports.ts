import { english } from '../../../native-models/english.ts'
/** Repositories with two ONNX towers, by the one they were made from. */
const exports: Readonly<Record<string, string>> = {
  'openai/clip-vit-base-patch16': 'Xenova/clip-vit-base-patch16',
  'openai/clip-vit-base-patch32': 'Xenova/clip-vit-base-patch32',
  'openai/clip-vit-large-patch14': 'Xenova/clip-vit-large-patch14',
  'openai/clip-vit-large-patch14-336': 'Xenova/clip-vit-large-patch14-336',
  'google/siglip-base-patch16-224': 'Xenova/siglip-base-patch16-224',
  'google/siglip-base-patch16-256': 'Xenova/siglip-base-patch16-256',
  'google/siglip-base-patch16-384': 'Xenova/siglip-base-patch16-384',
  'google/siglip-base-patch16-512': 'Xenova/siglip-base-patch16-512',
  'google/siglip-large-patch16-256': 'Xenova/siglip-large-patch16-256',
  'google/siglip-large-patch16-384': 'Xenova/siglip-large-patch16-384',
  'google/siglip2-base-patch16-224': 'onnx-community/siglip2-base-patch16-224-ONNX',
  'google/siglip2-base-patch16-256': 'onnx-community/siglip2-base-patch16-256-ONNX',
  'apple/mobileclip-s0': 'Xenova/mobileclip_s0',
  'apple/mobileclip-s1': 'Xenova/mobileclip_s1',
  'apple/mobileclip-s2': 'Xenova/mobileclip_s2',
  'apple/mobileclip-b': 'Xenova/mobileclip_b',
}

/** What to do about a repository without two towers. */
export function otherExport(name: string): string {
  const known = Object.entries(exports).find(([original]) => original.toLowerCase() === name.toLowerCase())?.[1]
  return known === undefined
    ? english`look for an ONNX export of it at https://huggingface.co/models?library=onnx&search=${encodeURIComponent(name.split('/')[1] ?? name)}, or export it with the script of transformers.js (python -m scripts.convert --model_id ${name} --split_modalities, which uses optimum) and import the folder`
    : english`hf:${known} has them, so download that`
}
