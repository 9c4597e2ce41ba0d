import { english } from '../../english.ts'
import { ExpectedError } from '../../expected-error.ts'
import type { StateEntry } from '../../lfvila/configuration/state-dict.ts'
import type { CheckpointTensor } from '../files/checkpoint-tensor.ts'
import { floatsOf } from './initialisation.ts'
import type { Initialisation, InitialWeight } from './initialisation.ts'

const prefix = 'text_encoder.'
const sentencePositions = 'sent_embedding.position_embeddings.weight'

/**
 * The text encoder's weights from BERT's (REFERENCE §5); the positions of a paragraph's tokens start as BERT's
 * positions do. The names of old files, LayerNorm `gamma` and `beta`, are understood too, which the reference skips.
 * @param entries the state dict of the model to be initialised.
 * @throws ExpectedError naming the first weight of BERT itself that is missing, or the first that does not fit; its
 * heads may be missing.
 */
export function initialiseFromBert(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  entries: readonly StateEntry[],
): Initialisation {
  const weights = new Map<string, InitialWeight>()
  const used = new Set<string>()
  for (const { role, name, shape } of entries) {
    if (role !== 'weight' || !(name.startsWith(prefix) || name === sentencePositions)) continue
    const plain = name === sentencePositions ? 'bert.embeddings.position_embeddings.weight' : name.slice(prefix.length)
    const key = [plain, oldName(plain), plain.replace('cls.predictions.bias', 'cls.predictions.decoder.bias')].find(
      candidate => tensors.has(candidate),
    )
    const tensor = key === undefined ? undefined : tensors.get(key)
    if (key === undefined || !tensor) {
      if (plain.startsWith('bert.') && !plain.startsWith('bert.pooler.')) {
        throw new ExpectedError(
          'bert-mismatch',
          `The BERT checkpoint has no ${plain}; give the pytorch_model.bin of the BERT model that the configuration names.`,
        )
      }
      continue
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new ExpectedError(
        'bert-mismatch',
        `The BERT checkpoint's ${key} has the shape [${tensor.shape.join(', ')}], but ${name} needs [${shape.join(', ')}]; give the BERT model that the configuration names.`,
      )
    }
    used.add(key)
    weights.set(name, { from: key, read: () => floatsOf(key, tensor) })
  }
  const skipped = [...tensors.keys()]
    .filter(key => !used.has(key))
    .map(key => ({ key, reason: english`not part of the text encoder` }))
  return { weights, skipped }
}

const oldName = (name: string): string =>
  name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')
