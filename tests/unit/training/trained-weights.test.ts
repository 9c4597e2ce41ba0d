import { expect, test } from 'vitest'
import { trains } from '../../../main/programs/trained-weights.ts'
import { smallModel } from '../native-models/training/small-model.ts'

const trained = (videoStages: number, textLayers: number) => {
  const isTrained = trains(smallModel, 'qa-multichoice', { what: 'last', videoStages, textLayers })
  return [
    'video_encoder.layers.4.blocks.0.norm1.weight',
    'video_encoder.layers.5.blocks.0.norm1.weight',
    'video_encoder.norm.weight',
    'text_encoder.bert.encoder.layer.1.output.dense.weight',
    'text_encoder.bert.encoder.layer.2.output.dense.weight',
    'text_encoder.classifier.weight',
  ].filter(isTrained)
}

test('the last stages of the video encoder end with its norm; of none of them nothing is trained', () => {
  const head = 'text_encoder.classifier.weight'
  const layer = 'text_encoder.bert.encoder.layer.2.output.dense.weight'
  expect(trained(0, 1)).toEqual([layer, head])
  expect(trained(1, 0)).toEqual(['video_encoder.layers.5.blocks.0.norm1.weight', 'video_encoder.norm.weight', head])
})
