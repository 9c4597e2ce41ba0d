import type { LfVilaConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { publishedAdamW } from '../../../native-models/training/adamw.ts'
import type { Task } from '../../api/training/datasets.ts'
import type { RunRecord, RunConfig, Schedule } from '../../api/training/training.ts'
import { isPretraining } from '../data/examples/example.ts'
import type { Plan } from '../runs/loop/plan.ts'
import type { JobRows } from './job-rows.ts'

/** Files of a job, by what the configuration names them for. */
export const jobFiles = {
  config: 'config.yaml',
  bert: 'bert_config.json',
  start: 'start.bin',
  train: 'train.jsonl',
  validation: 'val.jsonl',
  retrieval: 'val_retrieval.jsonl',
  labels: 'labels.txt',
  videos: 'videos.sh',
  readme: 'README.md',
} as const

/** The published program of a task, what it calls its data, and how much of the text encoder it builds. */
export const published: Readonly<
  Record<Task, { readonly script: string; readonly data: string; readonly stage: 1 | 2 }>
> = {
  retrieval: { script: 'src/tasks/run_retrieval.py', data: 'RetrievalDataset', stage: 1 },
  'qa-classification': { script: 'src/tasks/run_qa.py', data: 'QADataset', stage: 2 },
  'qa-multichoice': { script: 'src/tasks/run_qa.py', data: 'QADataset', stage: 2 },
  'video-classification': {
    script: 'src/tasks/run_video_classification.py',
    data: 'VideoClassificationDataset',
    stage: 1,
  },
  'pretrain-stage1': { script: 'src/run_pretrain.py', data: 'PreTrainDataset', stage: 1 },
  'pretrain-stage2': { script: 'src/run_pretrain.py', data: 'PreTrainDataset', stage: 2 },
}

/** Subtitles beside a question, as the published configurations have them. */
const subtitles: Readonly<Partial<Record<JobRows['dataset'], number>>> = { ViolinDataset: 4, How2QADataset: 6 }

/** Models and full checkpoints that the published code writes over a run, beside its best model. */
const saves = 10

export interface JobConfigParts {
  readonly run: RunRecord
  readonly config: LfVilaConfig
  readonly plan: Plan
  readonly rows: JobRows
  /** The job's folder as it is called inside that of the published code. */
  readonly name: string
}

/**
 * The run in the schema of LF-VILA/src/configs. Paths of data, weights and results are relative to the job's folder,
 * which is what `--blob_mount_dir` names; steps are micro-batches on one GPU.
 */
export function jobConfig({ run: { config: run }, config, plan, rows, name }: JobConfigParts) {
  const { task, parameters } = run
  const { data, stage } = published[task]
  const frozen = frozenBy(config, run)
  const stepsPerEpoch = Math.max(1, Math.floor(rows.train.length / plan.microBatchSize))
  const validateEvery = Math.max(1, Math.round(run.validateEvery * stepsPerEpoch))
  const saveEvery = Math.max(1, Math.floor((stepsPerEpoch * parameters.epochs) / saves))
  const dataset = (
    split: string,
    file: string,
    from: { name: string; type: string } = { name: data, type: rows.dataset },
  ) => ({ name: `${from.name}-${split}`, type: from.type, metadata_dir: file, video_path: 'videos' })
  return {
    VideoEncoder: videoEncoder(config, parameters.stochastic, frozen.videoStages),
    bert_config: `${name}/${jobFiles.bert}`,
    stage,
    type_vocab_size: config.text.segments,
    num_local_layers: config.text.localLayers,
    stage1_layers: config.text.pairLayers,
    bert_frozen_stage: frozen.textLayers,
    final_num_patches: config.videoPatches,
    ...(task === 'qa-classification' ? { qa_type: 'classification', label_smoothing: parameters.labelSmoothing } : {}),
    ...(task === 'qa-multichoice' ? { qa_type: 'multichoice', use_simple_merge_qas: config.mergesSentences } : {}),
    log_tb: true,
    WEIGHTS: {
      model_weight: jobFiles.start,
      stage1_model_weight: '',
      bert_weight: '',
      swin_weight: '',
      pretrained_2d: true,
    },
    DATA: {
      use_lmdb_train_data: false,
      BATCH_SIZE_per_gpu: plan.microBatchSize,
      NUM_WORKERS: 6,
      PIN_MEMORY: true,
      sample_frame: config.video.frames,
      sample_clip: config.clips,
      input_res: config.video.inputSize,
      center_crop: 200,
      ...(config.labels === null ? {} : { classification_labels: config.labels }),
      ...(subtitles[rows.dataset] === undefined ? {} : { max_num_subtitle: subtitles[rows.dataset] }),
      DATASET_train: dataset('train', jobFiles.train),
      DATASET_val: [
        ...(rows.retrieval
          ? [dataset('val', jobFiles.retrieval, { name: 'RetrievalDataset', type: 'RetrievalDataset' })]
          : []),
        dataset('val', jobFiles.validation),
      ],
    },
    TRAINING: {
      EPOCHS: parameters.epochs,
      ...learningRate(parameters.schedule),
      ...losses(config, task),
      weight_decay: parameters.weightDecay,
      save_feats: 0,
      only_val: false,
      save_dir: 'results',
      BREAK_STEP: 10_000_000_000,
      checkpoint_step: saveEvery,
      save_step: saveEvery,
      eval_step: validateEvery,
      print_step: Math.max(1, Math.floor(validateEvery / 10)),
    },
    deepspeed_config: {
      train_micro_batch_size_per_gpu: plan.microBatchSize,
      gradient_accumulation_steps: plan.batchSize / plan.microBatchSize,
      steps_per_print: 500,
      ...(parameters.clipNorm === null ? {} : { gradient_clipping: parameters.clipNorm }),
      zero_optimization: {
        stage: 2,
        allgather_partitions: true,
        overlap_comm: false,
        reduce_scatter: true,
        contiguous_gradients: false,
      },
      fp16: {
        enabled: true,
        loss_scale: 0,
        loss_scale_window: 1000,
        initial_scale_power: 32,
        hysteresis: 2,
        min_loss_scale: 1,
      },
      optimizer: {
        type: 'AdamW',
        params: {
          lr: parameters.learningRate,
          betas: publishedAdamW.betas,
          eps: publishedAdamW.epsilon,
          weight_decay: parameters.weightDecay,
        },
      },
    },
  }
}

/** The text encoder's configuration as transformers' BertConfig reads it. */
export function jobBertConfig({ text }: LfVilaConfig, stochastic: boolean) {
  return {
    architectures: ['BertForMaskedLM'],
    model_type: 'bert',
    hidden_act: 'gelu',
    initializer_range: 0.02,
    pad_token_id: 0,
    position_embedding_type: 'absolute',
    use_cache: true,
    hidden_size: text.hidden,
    num_attention_heads: text.heads,
    num_hidden_layers: text.layers,
    intermediate_size: text.intermediate,
    vocab_size: text.vocabulary,
    max_position_embeddings: text.positions,
    type_vocab_size: text.tokenTypes,
    layer_norm_eps: text.epsilon,
    hidden_dropout_prob: stochastic ? text.dropout : 0,
    attention_probs_dropout_prob: stochastic ? text.attentionDropout : 0,
  }
}

function videoEncoder({ video }: LfVilaConfig, stochastic: boolean, frozenStages: number) {
  const merging = video.stages.flatMap(({ merges }, index) => (merges ? [index] : []))
  return {
    patch_size: [1, ...video.patchSize],
    embed_dim: video.embedDim,
    depths: video.stages.map(({ depth }) => depth),
    downsample_stages: merging,
    // How often the resolution was halved before a stage: the width of its layers follows from it.
    stages: video.stages.map((_, index) => merging.filter(stage => stage < index).length),
    num_heads: video.stages.map(({ heads }) => heads),
    window_size: video.stages.map(({ window }) => window),
    patch_norm: video.patchNorm,
    local_window: video.localWindow,
    drop_path_rate: stochastic ? video.dropPath : 0,
    frozen_stages: frozenStages,
  }
}

/**
 * The published code freezes a number of stages and layers from the front, −1 for none; it knows nothing of low-rank
 * additions.
 */
function frozenBy(
  { video, text }: LfVilaConfig,
  { task, train }: RunConfig,
): { videoStages: number; textLayers: number } {
  const [stages, layers] = [video.stages.length, published[task].stage === 1 ? text.pairLayers : text.layers]
  switch (train.what) {
    case 'all':
      return task === 'pretrain-stage2'
        ? { videoStages: stages, textLayers: text.pairLayers }
        : { videoStages: -1, textLayers: -1 }
    case 'heads':
      return { videoStages: stages, textLayers: layers }
    case 'last':
      return { videoStages: stages - train.videoStages, textLayers: layers - train.textLayers }
    case 'lora':
      return { videoStages: -1, textLayers: -1 }
    default:
      return train satisfies never
  }
}

/** `DECAY_EPOCHS` is read whatever the schedule; it decides `step` alone. */
function learningRate({ kind, warmupEpochs, decayEpochs, decayRate, minimum }: Schedule) {
  return {
    WARMUP_EPOCHS: warmupEpochs,
    WARMUP_LR: 0,
    MIN_LR: minimum,
    LR_SCHEDULER: {
      NAME: kind,
      DECAY_EPOCHS: decayEpochs ?? 1,
      ...(kind === 'step' ? { DECAY_RATE: decayRate ?? 1 } : {}),
    },
  }
}

function losses({ loss }: LfVilaConfig, task: Task) {
  return {
    temp: loss.temperature,
    ct_global_loss_weight: loss.globalWeight,
    use_mlm: task === 'pretrain-stage2',
    ...(isPretraining(task)
      ? {
          mlm_loss_weight: loss.mlmWeight,
          vtm_loss_weight: loss.vtmWeight,
          use_time_match: loss.timeWeight !== 0,
          ct_time_loss_weight: loss.timeWeight,
          time_temp: loss.timeTemperature,
          num_key: loss.keys,
          num_value: loss.values,
          num_other_neg: loss.negatives,
          use_mask_equal: false,
        }
      : {}),
    ...(task === 'qa-multichoice' ? { use_span_loss: loss.spanWeight !== 0, span_loss_weight: loss.spanWeight } : {}),
  }
}
