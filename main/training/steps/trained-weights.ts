import type { Task } from '../../api/datasets.ts'
import type { Trainable } from '../../api/training.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { LfVilaConfig } from '../../../native-models/lfvila/config.ts'

/** What is not part of an encoder: projections, classifiers, the heads of pre-training, the positions of video tokens. */
const encoders = /^(video_encoder\.|text_encoder\.bert\.|sent_embedding\.)/
const videoLayer = /^video_encoder\.layers\.(\d+)\./
const textLayer = /^text_encoder\.bert\.encoder\.layer\.(\d+)\./

/** Which weights change, by their official names. @throws ExpectedError when more stages or layers are asked for than there are. */
export function trains(config: LfVilaConfig, task: Task, train: Trainable): (name: string) => boolean {
  switch (train.what) {
    case 'all': return task === 'pretrain-stage2' ? trainsInStage2(config) : () => true
    case 'heads': return name => !encoders.test(name)
    case 'last': {
      const stages = config.video.stages.length
      const layers = task === 'retrieval' || task === 'pretrain-stage1' ? config.text.pairLayers : config.text.layers
      if (train.videoStages > stages || train.textLayers > layers) {
        throw new ExpectedError('train-too-much', `The model has ${stages} video stages and ${layers} text layers; ask for at most as many, or train everything.`)
      }
      const place = (pattern: RegExp, name: string): number => Number(pattern.exec(name)?.[1] ?? Number.NaN)
      return name => !encoders.test(name) || /^video_encoder\.norm\./.test(name)
        || place(videoLayer, name) >= stages - train.videoStages || place(textLayer, name) >= layers - train.textLayers
    }
    case 'lora': throw new ExpectedError('train-lora', 'Low-rank additions cannot be trained yet; choose the last layers instead.')
    default: return train satisfies never
  }
}

/** Pre-training's second stage freezes what the first has trained: the video encoder, the text encoder up to the fusion and its embeddings (REFERENCE §3). */
function trainsInStage2({ text }: LfVilaConfig): (name: string) => boolean {
  return name => {
    const layer = textLayer.exec(name)?.[1]
    return layer === undefined ? !encoders.test(name) : Number(layer) >= text.pairLayers
  }
}
