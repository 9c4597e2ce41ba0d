import { access, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { parseConfig } from '../../native-models/lfvila/config.ts'
import type { LfVilaConfig } from '../../native-models/lfvila/config.ts'
import { readTokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import type { ImportInput, ImportReport } from '../api/models.ts'
import { guessKind, neededPrograms, skipReason } from './kinds.ts'
import { readConfigFiles } from './read-config.ts'
import { registerModel, unusedId } from './register.ts'
import type { NewModel } from './register.ts'
import { readFinite, Weights } from './weights.ts'

export interface ImportOptions {
  signal?: AbortSignal
  /** Counts weights written. */
  onProgress?: (done: number, total: number, current: string | null) => void
}

/**
 * Registers a checkpoint as a model. Nothing is registered unless every weight the model needs is there, in the shape that the
 * configuration asks for and without a value that is no finite number.
 * @param models The folder of registered models.
 * @throws ExpectedError naming the file or the first weight that does not fit.
 */
export async function importModel(models: string, input: ImportInput, takenIds: ReadonlySet<string>, { signal, onProgress }: ImportOptions = {}): Promise<ImportReport> {
  if (input.config === null) throw new ExpectedError('model-config', `${input.weights[0] ?? 'The model'} does not describe a dual encoder, and a checkpoint needs its configuration; give it with --config (JSON or YAML).`)
  const config = await readConfigFiles(input.config, input.bertConfig)
  const parsed = parseConfig(config.model, config.bert)
  const weights = await Weights.open(input.weights)
  try {
    const keys = weights.keys()
    const kind = input.kind ?? guessKind(keys)
    const needed = neededPrograms(kind, parsed).flatMap(({ parameters }) => parameters)
    weights.demand(needed)
    const skipped: ImportReport['skipped'] = []
    const taken = keys.filter(key => {
      const reason = skipReason(key, kind)
      if (reason) skipped.push({ key, reason })
      return reason === null
    })
    const shapes = new Map(needed.map(({ name, shape }) => [name, shape]))
    const id = input.name ?? unusedId(input.weights[0] ?? 'model', takenIds)
    let written = 0
    const record = await registerModel(models, id, {
      kind, config, trained: true, source: input.weights.join(', '),
      vocabulary: await findVocabulary(input, parsed),
      weights: taken.map(name => {
        const tensor = weights.get(name, shapes.get(name))!
        return {
          name, shape: tensor.shape,
          read: () => {
            onProgress?.(written++, taken.length, name)
            return readFinite(name, tensor)
          },
        }
      }),
    }, signal)
    onProgress?.(taken.length, taken.length, null)
    return { model: id, kind, parameters: record.parameters, taken: taken.length, skipped }
  } finally {
    await weights.close()
  }
}

/** The vocabulary given, or one that lies beside the configuration or the weights; null registers a model that cannot read text yet. */
async function findVocabulary(input: ImportInput, { text }: LfVilaConfig): Promise<NewModel['vocabulary']> {
  const folders = [...input.config === null ? [] : [input.config], ...input.weights].map(file => dirname(file))
  const beside = folders.flatMap(folder => [join(folder, 'vocab.txt'), join(folder, 'tokenizer.json')])
  const candidates = input.vocab ? [input.vocab] : beside
  for (const path of candidates) {
    if (!input.vocab && !await access(path).then(() => true, () => false)) continue
    const { vocabularySize } = await readTokenizer(path)
    if (vocabularySize > text.vocabulary) {
      throw new ExpectedError('vocabulary-size', `The vocabulary ${path} has ${vocabularySize} entries, but the model knows ${text.vocabulary}; give the one it was trained with using --vocab (bert-base-uncased's vocab.txt for the published models).`)
    }
    const content = await readFile(path)
    return { name: content.toString('utf8', 0, 64).trimStart().startsWith('{') ? 'tokenizer.json' : 'vocab.txt', content }
  }
  return null
}
