import type { TinyFolder } from './tiny-folder.ts'

const openAi = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
}
const halves = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }
const rescaling = { rescale_factor: 0.00392156862745098 }
const noLimit = 1000000000000000019884624838656

/** The JSON files of published folders, field for field, around towers of a few kilobytes. */
export const published = {
  /** Xenova/clip-vit-base-patch32 */
  clip: {
    config: {
      architectures: ['CLIPModel'],
      model_type: 'clip',
      projection_dim: 512,
      logit_scale_init_value: 2.6592,
      text_config: { model_type: 'clip_text_model', bos_token_id: 0, eos_token_id: 2 },
      vision_config: { model_type: 'clip_vision_model', dropout: 0 },
    },
    preprocessor: {
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_convert_rgb: true,
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      ...openAi,
      image_processor_type: 'CLIPFeatureExtractor',
      resample: 3,
      ...rescaling,
      size: { shortest_edge: 224 },
    },
    tokenizerConfig: {
      model_max_length: 77,
      pad_token: '<|endoftext|>',
      tokenizer_class: 'CLIPTokenizer',
      unk_token: { __type: 'AddedToken', content: '<|endoftext|>' },
    },
  },
  /** Xenova/mobileclip_s0: its config.json says nothing but the family. */
  mobileClip: {
    config: { model_type: 'clip' },
    preprocessor: {
      crop_size: { height: 256, width: 256 },
      do_center_crop: true,
      do_convert_rgb: true,
      do_normalize: false,
      do_rescale: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      image_processor_type: 'CLIPFeatureExtractor',
      resample: 2,
      ...rescaling,
      size: { shortest_edge: 256 },
    },
    vision: { shape: ['free', 3, 256, 256] },
    text: { length: 77 },
  },
  /** Xenova/siglip-base-patch16-224 */
  siglip: {
    config: { model_type: 'siglip', text_config: { model_type: 'siglip_text_model' }, vision_config: {} },
    preprocessor: {
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      image_processor_type: 'SiglipImageProcessor',
      ...halves,
      processor_class: 'SiglipProcessor',
      resample: 3,
      ...rescaling,
      size: { height: 224, width: 224 },
    },
    tokenizer: 'siglip',
    tokenizerConfig: {
      do_lower_case: true,
      eos_token: '</s>',
      model_input_names: ['input_ids'],
      model_max_length: 64,
      pad_token: '</s>',
      tokenizer_class: 'SiglipTokenizer',
    },
    vision: { outputs: ['last_hidden_state', 'pooler_output'] },
    text: { outputs: ['last_hidden_state', 'pooler_output'] },
  },
  /** onnx-community/siglip2-base-patch16-224-ONNX: of the type siglip, with Gemma's tokenizer. */
  siglip2: {
    config: {
      model_type: 'siglip',
      text_config: { model_type: 'siglip_text_model', projection_size: 768, vocab_size: 256000 },
      vision_config: { model_type: 'siglip_vision_model' },
    },
    preprocessor: {
      do_convert_rgb: null,
      do_normalize: true,
      do_rescale: true,
      do_resize: true,
      ...halves,
      image_processor_type: 'SiglipImageProcessor',
      processor_class: 'SiglipProcessor',
      resample: 2,
      ...rescaling,
      size: { height: 224, width: 224 },
    },
    tokenizer: 'siglip2',
    tokenizerConfig: {
      add_bos_token: false,
      add_eos_token: true,
      model_max_length: noLimit,
      pad_token: '<pad>',
      padding_side: 'right',
      tokenizer_class: 'GemmaTokenizer',
    },
    vision: { outputs: ['last_hidden_state', 'pooler_output'] },
    text: { outputs: ['last_hidden_state', 'pooler_output'] },
  },
  /** OFA-Sys/chinese-clip-vit-base-patch16, exported as two towers. */
  chineseClip: {
    config: {
      model_type: 'chinese_clip',
      projection_dim: 512,
      text_config: { model_type: 'chinese_clip_text_model', vocab_size: 21128 },
      vision_config: { patch_size: 16 },
    },
    preprocessor: {
      do_center_crop: false,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'ChineseCLIPFeatureExtractor',
      ...openAi,
      resample: 3,
      size: { height: 224, width: 224 },
    },
    tokenizer: 'bert',
    tokenizerConfig: { model_max_length: 512, pad_token: '[PAD]', tokenizer_class: 'BertTokenizer' },
    text: { inputs: ['input_ids', 'attention_mask', 'token_type_ids'] },
  },
  /** facebook/metaclip-2-worldwide-huge-quickgelu: CLIP’s towers with the tokenizer of XLM-V. */
  metaClip2: {
    config: {
      model_type: 'metaclip_2',
      text_config: { eos_token_id: 2, max_position_embeddings: 77, model_type: 'metaclip_2_text_model' },
      vision_config: { image_size: 224, model_type: 'metaclip_2_vision_model' },
    },
    preprocessor: {
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      ...openAi,
      image_processor_type: 'CLIPImageProcessor',
      resample: 3,
      size: { shortest_edge: 224 },
    },
    tokenizer: 'siglip2',
    tokenizerConfig: { model_max_length: 77, pad_token: '<pad>', tokenizer_class: 'XLMRobertaTokenizer' },
  },
  /** BAAI/AltCLIP: CLIP’s pictures, the texts of XLM-RoBERTa. */
  altClip: {
    config: {
      model_type: 'altclip',
      text_config: { max_position_embeddings: 514, model_type: 'altclip_text_model' },
      vision_config: { image_size: 224 },
    },
    preprocessor: {
      crop_size: 224,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      ...openAi,
      resample: 3,
      size: 224,
    },
    tokenizer: 'siglip2',
    tokenizerConfig: { model_max_length: 512, pad_token: '<pad>', tokenizer_class: 'XLMRobertaTokenizer' },
    text: { inputs: ['input_ids', 'attention_mask'] },
  },
  /** jinaai/jina-clip-v1: a processor of its own, and texts of any length without a mask. */
  jinaClip: {
    config: { model_type: 'jina_clip', text_config: {}, vision_config: { image_size: 224 } },
    preprocessor: {
      fill_color: 0,
      image_processor_type: 'JinaCLIPImageProcessor',
      interpolation: 'bicubic',
      mean: openAi.image_mean,
      processor_class: 'JinaCLIPProcessor',
      resize_mode: 'shortest',
      size: 224,
      std: openAi.image_std,
    },
    tokenizer: 'bert',
    tokenizerConfig: { model_max_length: 8192, pad_token: '[PAD]', tokenizer_class: 'BertTokenizer' },
    vision: { outputs: ['image_embeddings'] },
    text: { outputs: ['text_embeddings'] },
  },
  /** clip-italian/clip-italian, exported as two towers: a BERT and the pictures of a CLIP. */
  dualEncoder: {
    config: {
      model_type: 'vision-text-dual-encoder',
      projection_dim: 512,
      text_config: { max_position_embeddings: 512, model_type: 'bert' },
      vision_config: { image_size: 224, model_type: 'clip_vision_model' },
    },
    preprocessor: {
      crop_size: 224,
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'CLIPFeatureExtractor',
      ...openAi,
      resample: 3,
      size: 224,
    },
    tokenizer: 'bert',
    tokenizerConfig: { model_max_length: 512, pad_token: '[PAD]', tokenizer_class: 'BertTokenizer' },
    text: { inputs: ['input_ids', 'attention_mask', 'token_type_ids'] },
  },
  /** microsoft/xclip-base-patch32, exported as two towers. */
  xclip: {
    config: { model_type: 'xclip', text_config: {}, vision_config: { image_size: 224, num_frames: 8 } },
    preprocessor: {
      do_center_crop: true,
      do_normalize: true,
      do_resize: true,
      feature_extractor_type: 'VideoMAEFeatureExtractor',
      image_mean: [0.485, 0.456, 0.406],
      image_std: [0.229, 0.224, 0.225],
      processor_class: 'XCLIPProcessor',
      resample: 2,
      size: 224,
    },
    vision: { shape: ['free', 'free', 3, 'free', 'free'], outputs: ['video_embeds'] },
    text: { inputs: ['input_ids', 'attention_mask'] },
  },
  /** apple/MobileCLIP-S1-OpenCLIP, exported as two towers: OpenCLIP's file alone. */
  appleMobileClip: {
    files: {
      'open_clip_config.json': JSON.stringify({
        model_cfg: {
          embed_dim: 512,
          vision_cfg: { timm_model_name: 'fastvit_mci1', timm_pool: 'avg', image_size: 256 },
          text_cfg: { context_length: 77, vocab_size: 49408, width: 512, heads: 8, layers: 12, no_causal_mask: true },
          custom_text: true,
        },
        preprocess_cfg: { mean: [0, 0, 0], std: [1, 1, 1], interpolation: 'bilinear', resize_mode: 'shortest' },
      }),
    },
  },
  /** immich-app/ViT-B-32__openai: OpenCLIP's files, a folder for each tower. */
  openClip: {
    config: {
      embed_dim: 512,
      vision_cfg: { image_size: 224, layers: 12, width: 768, patch_size: 32 },
      text_cfg: { context_length: 77, vocab_size: 49408, width: 512, heads: 8, layers: 12 },
    },
    vision: { file: 'visual/model.onnx', input: 'image', shape: ['free', 3, 224, 224], outputs: ['embedding'] },
    text: { file: 'textual/model.onnx', inputs: ['text'], dtype: 'int32', length: 77, outputs: ['embedding'] },
    files: {
      'visual/preprocess_cfg.json': {
        size: [224, 224],
        mode: 'RGB',
        mean: openAi.image_mean,
        std: openAi.image_std,
        interpolation: 'bicubic',
        resize_mode: 'shortest',
        fill_color: 0,
      },
    },
  },
} as const satisfies Record<string, TinyFolder>
