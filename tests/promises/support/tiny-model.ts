import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '../../../native-models/checkpoints/safetensors/safetensors.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { LfVilaKind } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { randomWeights } from '../../support/models/random-weights.ts'
import { smallConfig } from '../../support/models/small-config.ts'

/** Words that the annotations of the drawn videos use. */
const words = [
  'red',
  'green',
  'blue',
  'yellow',
  'white',
  'black',
  'cyan',
  'pink',
  'a',
  'the',
  'film',
  'is',
  'it',
  'shown',
  'what',
  'which',
  'colour',
  'man',
  'says',
  'clip',
  'text',
  'of',
  'long',
  'sentence',
  '0',
  '1',
  '2',
  '3',
  's',
  ',',
  '.',
  '?',
  "'",
  '"',
]
export const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...words]

/**
 * LF-VILA with six of its stages and all three of its text stages, a few thousand weights: 4 frames of 16 × 24, as wide
 * as it is deep.
 */
const { model: tinyConfig, bert: bertConfig } = smallConfig({
  VideoEncoder: { embed_dim: 32, num_heads: [1, 1, 2, 2, 2, 2], downsample_stages: [] },
  type_vocab_size: 8,
  stage1_layers: 2,
  corrections: { spanPatches: true },
  DATA: { sample_clip: 4, input_res: [16, 24], classification_labels: 2 },
  bert: { vocab_size: vocabulary.length, hidden_size: 32, num_hidden_layers: 4, intermediate_size: 64 },
})
export { tinyConfig }

export interface TinyModelFiles {
  readonly weights: string
  readonly config: string
  readonly bertConfig: string
  readonly vocab: string
}

/**
 * Writes the files of a tiny model, for `model import`. Its random weights keep the size of what passes through them:
 * with the published random start, normal(0, 0.02), which suits a width of 1,024, a model this narrow stays on a
 * plateau at chance for hundreds of steps, here as in PyTorch.
 * @param positions tokens of all sentences together; the published code's jobs need 200.
 */
export async function writeTinyModel(
  folder: string,
  kind: LfVilaKind = 'pretrain-stage2',
  positions = 128,
): Promise<TinyModelFiles> {
  const bert = { ...bertConfig, max_position_embeddings: positions }
  const at = (name: string) => join(folder, name)
  const files = {
    weights: at(`${kind}.safetensors`),
    config: at('model.json'),
    bertConfig: at('bert_config.json'),
    vocab: at('vocab.txt'),
  }
  await writeFile(files.config, JSON.stringify(tinyConfig))
  await writeFile(files.bertConfig, JSON.stringify(bert))
  await writeFile(files.vocab, vocabulary.join('\n'))
  const entries = stateDict(kind, parseConfig(tinyConfig, bert)).filter(({ role }) => role === 'weight')
  await writeSafetensors(
    files.weights,
    entries.map(({ name, shape }) => ({
      name,
      shape,
      dtype: 'float32',
      read: () => Promise.resolve(randomWeights(name, shape, 1)),
    })),
  )
  return files
}

/** The words of `model import` for these files. */
export const importing = ({ weights, config, bertConfig: bert, vocab }: TinyModelFiles, name: string): string[] => [
  'model',
  'import',
  weights,
  '--config',
  config,
  '--bert-config',
  bert,
  '--vocab',
  vocab,
  '--name',
  name,
]
