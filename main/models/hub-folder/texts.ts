import { join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import type { DualEncoderContract } from '../encoders/dual-encoder/contract.ts'
import type { HubConfiguration } from './configuration.ts'
import type { Family } from './families.ts'
import { byHand, refusal } from './refusal.ts'
import type { TextTowerFile } from './towers.ts'

type TextContract = DualEncoderContract['text']
export type TextFeed = Pick<TextContract, 'length' | 'padding' | 'padId'> &
  Partial<Pick<TextContract, 'maskPadding' | 'lowercase'>>

/** Texts up to this are padded to it and computed together; longer ones each by itself. */
const longestPadded = 128

/** Length, padding and spelling of a tower's texts. @throws ExpectedError as the tokenizer's reader does. */
export async function textFeed(
  folder: string,
  {
    configuration,
    family,
    tower,
    tokenizer,
    signal,
  }: {
    readonly configuration: HubConfiguration
    readonly family: Family
    readonly tower: TextTowerFile
    /** Path in the folder. */
    readonly tokenizer: string
    readonly signal?: AbortSignal | undefined
  },
): Promise<TextFeed> {
  const { padding_side: paddingSide, do_lower_case: lowers } = configuration.tokenizer
  const length = tower.length ?? lengthOf(configuration, family)
  const padded = family.reads === 'padded'
  if (padded && paddingSide === 'left') {
    throw refusal(
      english`${join(folder, 'tokenizer_config.json')} pads before the text (padding_side is left), which is not done here; set it to right if the model was trained so, ${byHand}.`,
    )
  }
  const alone = tower.length === null && family.reads === 'both-ways' && (tower.mask === null || length > longestPadded)
  return {
    length,
    padding: alone ? 'none' : 'length',
    padId: await paddingOf(join(folder, tokenizer), { configuration, family, signal }),
    ...(padded && tower.mask !== null ? { maskPadding: true as const } : {}),
    ...((padded && lowers !== false) || canonicalises(configuration) ? { lowercase: true as const } : {}),
  }
}

function canonicalises({ model: { text_cfg: text } }: HubConfiguration): boolean {
  return (text?.tokenizer_kwargs ?? text?.hf_tokenizer_kwargs)?.clean === 'canonicalize'
}

interface PaddingOf {
  readonly configuration: HubConfiguration
  readonly family: Family
  readonly signal: AbortSignal | undefined
}

/**
 * @param path of the tokenizer. @throws ExpectedError when neither its files nor the family say what is padded with.
 */
async function paddingOf(path: string, { configuration, family, signal }: PaddingOf): Promise<number> {
  const named = configuration.tokenizer.pad_token
  // A tokenizer of Gemma's has a </s> as well, which is a tag of HTML.
  const usual = ['<eos>', '<pad>', ...family.padding]
  const pieces = [...(named ? [named] : []), ...usual]
  const { ids, padding } = await readApart('tokenIds', { path, pieces }, { file: path, signal })
  const idOf = (piece: string): number | null => ids[pieces.indexOf(piece)] ?? null
  const isGemma = idOf('<eos>') !== null && family.reads === 'padded'
  const usualId = (isGemma ? ['<pad>'] : family.padding).map(idOf).find(id => id !== null)
  const padId = (named ? idOf(named) : null) ?? padding ?? usualId
  if (padId === undefined) {
    throw refusal(
      english`${path} does not say with which token texts are padded; download tokenizer_config.json too, or add "pad_token" to it.`,
    )
  }
  return padId
}

/** Tokens of a text where the ONNX file leaves their number free. */
function lengthOf({ model, tokenizer }: HubConfiguration, { length }: Family): number {
  const context = model.text_cfg?.context_length
  if (context) return context
  const positions = model.text_config?.max_position_embeddings ?? Infinity
  if ('fixed' in length) return Math.min(length.fixed, positions)
  // Where there is no limit, tokenizers say 10^30.
  return Math.min(Number.isFinite(positions) ? positions : length.most, tokenizer.model_max_length ?? Infinity)
}
