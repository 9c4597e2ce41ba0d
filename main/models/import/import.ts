import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { parseConfig } from '../../../native-models/lfvila/configuration/config.ts'
import type { LfVilaConfig } from '../../../native-models/lfvila/configuration/config.ts'
import { labelWeight, stateDict } from '../../../native-models/lfvila/configuration/state-dict.ts'
import type { LfVilaKind } from '../../../native-models/lfvila/configuration/state-dict.ts'
import { readOrdinaryFile } from '../../../native-models/ordinary-file.ts'
import { largestTokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import type { ImportInput, ImportReport } from '../../api/models.ts'
import { embedsBoth, guessKind, textProgram, videoProgram } from '../../model-folder/kinds.ts'
import { importWarnings } from '../../model-folder/model-warnings.ts'
import { registerModel, unusedId } from '../../model-folder/register.ts'
import type { NewModel } from '../../model-folder/register.ts'
import { readConfigFiles, withLabels } from '../../reading-process/read-config.ts'
import type { ConfigFiles } from '../../reading-process/read-config.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import { assemble } from './assemble.ts'
import type { AssembledWeight } from './assemble.ts'
import { Initialisations } from './initialisations.ts'
import { Weights } from './weights.ts'

export interface ImportOptions {
  signal?: AbortSignal
  /** What a pair of towers says it was made of; the file or folder itself by default. */
  source?: string
  /** Counts weights written. */
  onProgress?: (done: number, total: number, current: string | null) => void
}

/**
 * Registers a model from a checkpoint, or from the parts that `init` names. Nothing is registered unless every weight
 * of the published class is there, in the shape that the configuration asks for and without a value that is no finite
 * number.
 * @param models The folder of registered models.
 * @throws ExpectedError naming the file or the first weight that does not fit.
 */
export async function importModel(
  models: string,
  input: ImportInput,
  { takenIds, signal, onProgress }: { readonly takenIds: ReadonlySet<string> } & ImportOptions,
): Promise<ImportReport> {
  if (input.config === null) {
    throw new ExpectedError(
      'model-config',
      `${input.weights[0] ?? 'The model'} does not describe a dual encoder, and a checkpoint needs its configuration; give it with --config (JSON or YAML).`,
    )
  }
  const files = await readConfigFiles(input.config, input.bertConfig, signal)
  const weights = await Weights.open(input.weights, { scratch: models, signal })
  let initialisations: Initialisations | null = null
  try {
    const kind = kindOf(input, weights)
    const config = configured(files, kind, weights)
    const parsed = parseConfig(config.model, config.bert)
    const entries = stateDict(kind, parsed)
    initialisations =
      input.init && (await Initialisations.open(input.init, { entries, config: parsed, scratch: models, signal }))
    const {
      weights: assembled,
      aliases,
      skipped,
    } = await assemble({ kind, config: parsed, entries, weights, initialisations, resizeBias: input.resizeBias })
    const id = input.name ?? unusedId(input.weights[0] ?? kind, takenIds)
    const vocabulary = await findVocabulary(input, parsed, signal)
    let written = 0
    const record = await registerModel(models, id, {
      model: {
        kind,
        config,
        trained: isTrained(kind, parsed, assembled),
        source: sourceOf(input),
        vocabulary,
        weights: assembled.map(({ key, shape, read }) => ({
          name: key,
          shape,
          read: () => {
            onProgress?.(written++, assembled.length, key)
            return read()
          },
        })),
      },
      signal,
    })
    onProgress?.(assembled.length, assembled.length, null)
    return {
      model: id,
      kind,
      parameters: record.parameters,
      taken: [...assembled, ...aliases].filter(({ how }) => how !== 'initialised').length,
      skipped,
      weights: [...assembled.map(({ key, shape, how, from }) => ({ key, shape, how, from })), ...aliases],
      settings: [],
      warnings: importWarnings(id, record),
    }
  } finally {
    await weights.close()
    await initialisations?.close()
  }
}

/** @throws ExpectedError when neither the input nor the keys say which. */
function kindOf({ kind, weights: files, init }: ImportInput, weights: Weights): LfVilaKind {
  if (kind) return kind
  if (files.length > 0) return guessKind(weights.keys())
  throw new ExpectedError(
    'model-kind',
    init
      ? 'A model that is made of parts has no keys to tell its kind from; say it with --kind (pretrain-stage1 is what the published pre-training starts with).'
      : 'There are no weights to import; give a checkpoint, or --init and what to start from.',
  )
}

/** The configuration with the number of labels: where it names none, that of the checkpoint's classifier. */
function configured(files: ConfigFiles, kind: LfVilaKind, weights: Weights): ConfigFiles {
  const classifier = labelWeight(kind)
  if (classifier === null || parseConfig(files.model, files.bert).labels !== null) return files
  const labels = weights.get(classifier)?.shape[0]
  if (labels === undefined) {
    throw new ExpectedError(
      'model-config',
      `The configuration names no number of labels, which a model of kind ${kind} needs; add classification_labels to its DATA section.`,
    )
  }
  return withLabels(files, labels)
}

/**
 * Whether what the model says means anything: no weight that a search, or an answer, depends on is without training.
 */
function isTrained(kind: LfVilaKind, config: LfVilaConfig, weights: readonly AssembledWeight[]): boolean {
  const untrained = new Set(weights.filter(({ trained }) => !trained).map(({ key }) => key))
  if (!embedsBoth(kind)) return untrained.size === 0
  return ![videoProgram(kind, config, { pixels: 'uint8' }), textProgram(kind, config)].some(({ parameters }) =>
    parameters.some(({ name }) => untrained.has(name)),
  )
}

/** Where the model comes from, in words for the list of models. */
function sourceOf({ weights, init }: ImportInput): string {
  const files = [...weights, ...[init?.swin, init?.bert].filter(path => typeof path === 'string')]
  return files.length > 0 ? files.join(', ') : english`random weights`
}

/**
 * Embeddings are often padded to a multiple of this many rows; a vocabulary that lacks more entries is another model's.
 */
const rowPadding = 128

/**
 * The vocabulary given, or one that lies beside the configuration or the weights; null registers a model that cannot
 * read text yet.
 */
async function findVocabulary(
  input: ImportInput,
  { text }: LfVilaConfig,
  signal?: AbortSignal,
): Promise<NewModel['vocabulary']> {
  const folders = [...(input.config === null ? [] : [input.config]), ...input.weights].map(file => dirname(file))
  const beside = folders.flatMap(folder => [join(folder, 'vocab.txt'), join(folder, 'tokenizer.json')])
  const candidates = input.vocab ? [input.vocab] : beside
  for (const path of candidates) {
    if (
      !input.vocab &&
      !(await access(path).then(
        () => true,
        () => false,
      ))
    ) {
      continue
    }
    const { vocabularySize } = await readApart('tokenizer', { path }, { file: path, signal })
    if (vocabularySize > text.vocabulary || text.vocabulary - vocabularySize >= rowPadding) {
      throw new ExpectedError(
        'vocabulary-size',
        `The vocabulary ${path} has ${vocabularySize} entries, but the model knows ${text.vocabulary}; give the one it was trained with using --vocab (bert-base-uncased's vocab.txt for the published models).`,
      )
    }
    const content = await readOrdinaryFile(path, largestTokenizer, english`a vocabulary`)
    return {
      name: content.toString('utf8', 0, 64).trimStart().startsWith('{') ? 'tokenizer.json' : 'vocab.txt',
      content,
    }
  }
  return null
}
