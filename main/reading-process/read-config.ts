import { access } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { readApart } from './reading-process.ts'

/** Milliseconds: three kilobytes take one; texts made for it take a YAML reader minutes. */
const patience = 10_000

/** A configuration as it was read: the model's and BERT's, not yet checked against the architecture. */
export interface ConfigFiles {
  model: unknown
  bert: unknown
}

/**
 * Reads a model configuration (JSON, or YAML as in the published code) and the BERT configuration it names.
 * @param bertPath null looks for the file named by the configuration's `bert_config`, then for that name beside it.
 * @throws ExpectedError naming the file that is missing or unreadable.
 */
export async function readConfigFiles(
  modelPath: string,
  bertPath: string | null,
  signal?: AbortSignal,
): Promise<ConfigFiles> {
  const read = (path: string) => readApart('mapping', { path }, { file: path, signal, patience })
  const model = await read(modelPath)
  const bert = await read(bertPath ?? (await namedBertConfig(modelPath, model)))
  return { model, bert }
}

/** The configuration with a number of labels in its DATA section, where the published files have it. */
export function withLabels(files: ConfigFiles, labels: number): ConfigFiles {
  return withData(files, { classification_labels: labels })
}

/** The configuration with another number of clips, and of the sentences that go with them. */
export function withClips(files: ConfigFiles, clips: number): ConfigFiles {
  return withData(files, { sample_clip: clips })
}

function withData({ model, bert }: ConfigFiles, data: Readonly<Record<string, unknown>>): ConfigFiles {
  const mapping = z.record(z.string(), z.unknown())
  const fields = mapping.parse(model)
  return { model: { ...fields, DATA: { ...mapping.parse(fields.DATA), ...data } }, bert }
}

async function namedBertConfig(modelPath: string, model: Record<string, unknown>): Promise<string> {
  const named = model.bert_config
  if (typeof named === 'string') {
    for (const path of [resolve(dirname(modelPath), named), join(dirname(modelPath), basename(named))]) {
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      ) {
        return path
      }
    }
  }
  throw new ExpectedError(
    'model-config',
    `${modelPath} names ${typeof named === 'string' ? `the BERT configuration ${named}, which is not beside it` : 'no BERT configuration'}; give it with --bert-config (config.json of the BERT model).`,
  )
}
