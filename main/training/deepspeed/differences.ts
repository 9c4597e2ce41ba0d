import type { LfVilaConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { RunConfig } from '../../api/training/training.ts'
import type { Plan } from '../runs/loop/plan.ts'
import type { JobRows } from './job-rows.ts'

/** The vocabulary that the published code loads, and how many layers its second stage of pre-training freezes. */
const bertVocabulary = 30_522
const publishedFrozenLayers = 12

/** Tokens of a sentence that the published code always reads (REFERENCE §6). */
export const publishedTokens = { usual: 50, violin: 30 }

/**
 * What the published code does in another way than the run here, one sentence each: options that it does not have, and
 * places where it has to be changed before it runs.
 */
export function differences(
  { task, train, parameters, patience }: RunConfig,
  {
    config,
    plan,
    rows: { dataset, frameRate, retrieval },
  }: { readonly config: LfVilaConfig; readonly plan: Plan; readonly rows: JobRows },
): string[] {
  const contrastive = task === 'retrieval' || task === 'pretrain-stage1'
  const violin = dataset === 'ViolinDataset'
  const accumulated = plan.batchSize / plan.microBatchSize
  return [
    'The optimiser’s moments, the schedule and the order of the examples begin anew: they do not go on where the run here stands.',
    'The batch is that of one GPU; every further GPU adds as many examples to an update, at the same learning rate.',
    ...(contrastive
      ? [
          `The contrastive loss compares the ${plan.microBatchSize} examples of a micro-batch with those of the other GPUs${accumulated > 1 ? `; the ${accumulated} micro-batches of an update are not compared with each other there${parameters.contrast === 'batch' ? ', as they are here' : ', as they are not here'}` : ''}.`,
        ]
      : []),
    'It computes in half precision; DeepSpeed skips updates at the beginning until its loss scale fits.',
    ...(train.what === 'lora'
      ? [`Low-rank additions (rank ${train.rank}, alpha ${train.alpha}) do not exist there: every weight is trained.`]
      : []),
    ...(train.what === 'heads' || train.what === 'last'
      ? [
          'Besides what the run here trains, the last norm of the video encoder and the embedding of sentences are trained: only stages and layers can be frozen there.',
        ]
      : []),
    ...(task === 'pretrain-stage1' && parameters.negatives === 'corrected'
      ? [
          'Its negatives of the temporal loss can be the sample itself; the corrected negatives of the run here do not exist there.',
        ]
      : []),
    ...(parameters.labelSmoothing > 0 && task !== 'qa-classification'
      ? [
          `Label smoothing (${parameters.labelSmoothing}) exists there for answers of a fixed set only, and is left out.`,
        ]
      : []),
    ...(parameters.augment
      ? []
      : ['Frames, crops and flips are always drawn for training; the run here does not draw them.']),
    ...(patience === null
      ? []
      : [
          `It does not stop when ${patience} validations bring no improvement; it saves its best model at each improvement.`,
        ]),
    ...(Object.values(config.corrections).some(Boolean)
      ? ['The corrections of the published code’s faults that this model was configured with do not exist there.']
      : []),
    ...(task === 'video-classification'
      ? [
          'Its first evaluation fails, because it hands the model an argument that it does not take: run `sed -i "s/, is_train=False//" src/tools/trainer_video_classification.py` first.',
        ]
      : [
          `Padding is masked with ${config.text.maskValue === 'lowest' ? 'the lowest number, as by transformers from 4.21 on' : `${config.text.maskValue}, as by transformers before 4.21`}; with another version sentences that are missing altogether count differently.`,
        ]),
    ...(config.text.tokensPerSentence === publishedTokens.usual || task === 'video-classification' || violin
      ? []
      : [
          `It reads ${publishedTokens.usual} tokens of a sentence, by a number in its code; this model reads ${config.text.tokensPerSentence}, and its table of positions was learned with as many.`,
        ]),
    ...(config.text.vocabulary === bertVocabulary || task === 'video-classification'
      ? []
      : [
          `It reads text with the vocabulary of bert-base-uncased, but this model has one of its own (${config.text.vocabulary} entries): name the job’s folder in the place of ‘bert-base-uncased’ in src/datasets/dataloader.py.`,
        ]),
    ...(task === 'pretrain-stage2' && config.text.pairLayers !== publishedFrozenLayers
      ? [
          `It freezes the first ${publishedFrozenLayers} text layers by a number in src/models/lfvila_pretrain.py, where this model wants ${config.text.pairLayers}: change the number.`,
        ]
      : []),
    ...(frameRate === null
      ? []
      : [
          `It takes every video for one of ${frameRate} frames per second when it looks for the span of an answer; videos.sh brings them to that.`,
        ]),
    ...(retrieval
      ? ['It validates with retrieval as well, for which the first clip of each validation row stands.']
      : []),
  ]
}
