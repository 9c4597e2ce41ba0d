/** The windows of the stages over so many frames; in space they are 3 × 5 patches, as in the published model. */
export const windows = (...frames: number[]) => frames.map(time => [time, 3, 5])

/** What goes over the small configuration, section by section; everything else is a field of the model's own. */
export interface SmallConfigChanges {
  readonly VideoEncoder?: object
  readonly DATA?: object
  readonly bert?: object
  readonly [field: string]: unknown
}

/**
 * `model_config.json` and `bert_config.json` of an LF-VILA of a few thousand weights: 4 frames of 64 × 96, one block in
 * each of six stages, two of which merge patches down to a grid of 2 × 3, the smallest that is pooled. As wide at its
 * end as its texts.
 */
export function smallConfig({ VideoEncoder, DATA, bert, ...fields }: SmallConfigChanges = {}) {
  return {
    model: {
      VideoEncoder: {
        patch_size: [1, 8, 8],
        embed_dim: 16,
        depths: [1, 1, 1, 1, 1, 1],
        num_heads: [1, 1, 1, 1, 1, 1],
        downsample_stages: [0, 4],
        window_size: windows(2, 4, 4, 4, 4, 4),
        ...VideoEncoder,
      },
      num_local_layers: 1,
      stage1_layers: 1,
      final_num_patches: 1,
      ...fields,
      DATA: { sample_frame: 4, sample_clip: 2, input_res: [64, 96], ...DATA },
    },
    bert: {
      vocab_size: 20,
      hidden_size: 64,
      num_attention_heads: 2,
      num_hidden_layers: 1,
      intermediate_size: 32,
      max_position_embeddings: 32,
      ...bert,
    },
  }
}
