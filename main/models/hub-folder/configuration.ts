import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { english } from '../../../native-models/english.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import { byHand, refusal } from './refusal.ts'

const triple = z
  .union([z.number().transform(value => [value]), z.array(z.number()).min(1)])
  .transform(values => (values.length === 1 ? [values[0]!, values[0]!, values[0]!] : values))
  .pipe(z.tuple([z.number(), z.number(), z.number()]))

/** A side, both sides, or an object whose keys say which: older files have a number, newer ones an object. */
const extent = z.union([
  z.number(),
  z.tuple([z.number(), z.number()]),
  z.looseObject({
    height: z.number().nullish(),
    width: z.number().nullish(),
    shortest_edge: z.number().nullish(),
    longest_edge: z.number().nullish(),
  }),
])
export type Extent = z.infer<typeof extent>

/** `preprocessor_config.json`, whichever class wrote it; also OpenCLIP's `preprocess_cfg`. */
const pictureSchema = z.looseObject({
  image_processor_type: z.string().nullish(),
  video_processor_type: z.string().nullish(),
  feature_extractor_type: z.string().nullish(),
  do_resize: z.boolean().nullish(),
  size: extent.nullish(),
  /** PIL's number, or the name of the filter. */
  resample: z.union([z.number(), z.string()]).nullish(),
  interpolation: z.string().nullish(),
  /** OpenCLIP: shortest, squash or longest. */
  resize_mode: z.string().nullish(),
  do_center_crop: z.boolean().nullish(),
  crop_size: extent.nullish(),
  crop_pct: z.number().nullish(),
  do_rescale: z.boolean().nullish(),
  rescale_factor: z.number().nullish(),
  rescale_offset: z.boolean().nullish(),
  do_normalize: z.boolean().nullish(),
  image_mean: triple.nullish(),
  image_std: triple.nullish(),
  mean: triple.nullish(),
  std: triple.nullish(),
  do_pad: z.boolean().nullish(),
  do_flip_channel_order: z.boolean().nullish(),
  num_frames: z.number().int().positive().nullish(),
})
export type PictureConfig = z.infer<typeof pictureSchema>

const whole = z.number().int().positive().nullish()
const imageSize = z.union([z.number(), z.tuple([z.number(), z.number()])]).nullish()

/**
 * `config.json`: what of it decides how a pair is fed; also OpenCLIP's, whose towers are `vision_cfg` and `text_cfg`.
 */
const modelSchema = z.looseObject({
  model_type: z.string().nullish(),
  num_frames: whole,
  vision_config: z.looseObject({ image_size: imageSize, num_frames: whole }).nullish(),
  text_config: z
    .looseObject({ max_position_embeddings: whole, vocab_size: whole, pad_token_id: z.number().int().nullish() })
    .nullish(),
  vision_cfg: z.looseObject({ image_size: imageSize }).nullish(),
  text_cfg: z
    .looseObject({
      context_length: whole,
      /** OpenCLIP's `canonicalize`: small letters without punctuation, as SigLIP was trained. */
      tokenizer_kwargs: z.looseObject({ clean: z.string().nullish() }).nullish(),
      hf_tokenizer_kwargs: z.looseObject({ clean: z.string().nullish() }).nullish(),
    })
    .nullish(),
})
export type ModelConfig = z.infer<typeof modelSchema>

const token = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
const tokenizerSchema = z.looseObject({
  tokenizer_class: z.string().nullish(),
  model_max_length: z.number().nullish(),
  pad_token: token.nullish(),
  padding_side: z.string().nullish(),
  do_lower_case: z.boolean().nullish(),
})
export type TokenizerConfig = z.infer<typeof tokenizerSchema>

/** The JSON files of a folder, as far as they matter here. */
export interface HubConfiguration {
  readonly model: ModelConfig
  readonly picture: PictureConfig
  /** Where `picture` comes from, for sentences. */
  readonly pictureFile: string
  readonly tokenizer: TokenizerConfig
}

/** The names of all JSON files that {@link readConfiguration} may read, in the folder or in that of a tower. */
export const configurationNames: readonly string[] = [
  ...['config.json', 'open_clip_config.json'],
  ...['preprocessor_config.json', 'processor_config.json', 'video_preprocessor_config.json', 'preprocess_cfg.json'],
  ...['tokenizer_config.json', 'special_tokens_map.json'],
]

/**
 * Reads the JSON files of a folder; fields that are not known are passed over.
 * @param towerFolders folders of single towers in which such files may also lie.
 * @throws ExpectedError naming the file that is missing or broken, or the field of another type.
 */
export async function readConfiguration(
  folder: string,
  towerFolders: readonly string[],
  signal?: AbortSignal,
): Promise<HubConfiguration> {
  const read = async (name: string): Promise<Record<string, unknown> | null> => {
    const path = join(folder, name)
    const exists = await access(path).then(
      () => true,
      () => false,
    )
    return exists ? readApart('json', { path }, { file: path, signal }) : null
  }
  const beside = (name: string): string[] => [name, ...towerFolders.map(inner => `${inner}/${name}`)]
  const first = async (names: readonly string[], pick: (content: Record<string, unknown>) => unknown = one => one) => {
    for (const name of names) {
      const content = await read(name)
      const part = content && pick(content)
      if (typeof part === 'object' && part !== null) return { name, content: part as Record<string, unknown> }
    }
    return null
  }
  const model =
    (await first(['config.json'], one => ('model_type' in one ? one : null))) ??
    (await first(['open_clip_config.json'], one => one.model_cfg)) ??
    (await first(['config.json']))
  if (!model) {
    throw refusal(
      english`${folder} has no config.json, which says of which family the model is; download it too, ${byHand}.`,
    )
  }
  const picture =
    (await first(beside('preprocessor_config.json'))) ??
    (await first(['processor_config.json'], one => one.image_processor ?? one.video_processor)) ??
    (await first(['video_preprocessor_config.json'])) ??
    (await first(beside('preprocess_cfg.json'))) ??
    (await first(['open_clip_config.json'], one => one.preprocess_cfg))
  if (!picture) {
    throw refusal(
      english`${folder} has no preprocessor_config.json, which says how pictures are scaled and normalised; download it too, ${byHand}.`,
    )
  }
  const tokenizer = await first(beside('tokenizer_config.json'))
  const special = await first(beside('special_tokens_map.json'))
  const tokenizerFields = { ...special?.content, ...withoutNulls(tokenizer?.content ?? {}) }
  return {
    model: parsed(modelSchema, join(folder, model.name), model.content),
    picture: parsed(pictureSchema, join(folder, picture.name), picture.content),
    pictureFile: picture.name,
    tokenizer: parsed(tokenizerSchema, join(folder, tokenizer?.name ?? 'special_tokens_map.json'), tokenizerFields),
  }
}

function parsed<Content>(schema: z.ZodType<Content>, path: string, content: unknown): Content {
  const result = schema.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw refusal(
    english`${path} cannot be understood: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}; download it again or correct it.`,
  )
}

const withoutNulls = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
