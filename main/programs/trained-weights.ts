import { ExpectedError } from '../../native-models/expected-error.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import type { LowRank } from '../../native-models/training/low-rank.ts'
import type { Task } from '../api/training/datasets.ts'
import type { Trainable } from '../api/training/training.ts'

/**
 * What is not part of an encoder: projections, classifiers, the heads of pre-training, the positions of video tokens.
 */
const encoders = /^(video_encoder\.|text_encoder\.bert\.|sent_embedding\.)/
/** The weights of the encoders' linear layers. */
const linear = /\.(qkv|proj|fc1|fc2|query|key|value|dense|reduction)\.weight$/
const videoLayer = /^video_encoder\.layers\.(\d+)\./
const textLayer = /^text_encoder\.bert\.encoder\.layer\.(\d+)\./

/**
 * Which weights change, by their official names. @throws ExpectedError when more stages or layers are asked for than
 * there are.
 */
export function trains(config: LfVilaConfig, task: Task, train: Trainable): (name: string) => boolean {
  switch (train.what) {
    case 'all':
      return task === 'pretrain-stage2' ? trainsInStage2(config) : () => true
    case 'heads':
      return name => !encoders.test(name)
    case 'last': {
      const stages = config.video.stages.length
      const layers = task === 'retrieval' || task === 'pretrain-stage1' ? config.text.pairLayers : config.text.layers
      if (train.videoStages > stages || train.textLayers > layers) {
        throw new ExpectedError(
          'train-too-much',
          `The model has ${stages} video stages and ${layers} text layers; ask for at most as many, or train everything.`,
        )
      }
      const place = (pattern: RegExp, name: string): number => Number(pattern.exec(name)?.[1] ?? Number.NaN)
      return name =>
        !encoders.test(name) ||
        (train.videoStages > 0 && /^video_encoder\.norm\./.test(name)) ||
        place(videoLayer, name) >= stages - train.videoStages ||
        place(textLayer, name) >= layers - train.textLayers
    }
    case 'lora':
      return name => !encoders.test(name)
    default:
      return train satisfies never
  }
}

/** The low-rank additions to the encoders' linear layers, or null. */
export function lowRankOf(train: Trainable): LowRank | null {
  return train.what === 'lora'
    ? { rank: train.rank, alpha: train.alpha, adapts: name => encoders.test(name) && linear.test(name) }
    : null
}

/**
 * Pre-training's second stage freezes what the first has trained: the video encoder, the text encoder up to the fusion
 * and its embeddings (REFERENCE §3).
 */
function trainsInStage2({ text }: LfVilaConfig): (name: string) => boolean {
  return name => {
    const layer = textLayer.exec(name)?.[1]
    return layer === undefined ? !encoders.test(name) : Number(layer) >= text.pairLayers
  }
}
