import { checkpointLayout } from '../../native-models/checkpoints/checkpoint.ts'
import type { SourceLocation } from '../../native-models/checkpoints/files/byte-source.ts'
import { closeAll } from '../../native-models/checkpoints/files/checkpoint-layout.ts'
import type { CheckpointLayout } from '../../native-models/checkpoints/files/checkpoint-layout.ts'
import { readTokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import type { EncodedSentence, Tokenizer } from '../../native-models/tokenizer/tokenizer.ts'
import { readMapping } from './files/config-file.ts'
import { readElanFile } from './files/elan-file.ts'
import type { ElanFile } from './files/elan-file.ts'
import { assertNoGitPointer } from './files/git-pointer.ts'
import { readJsonObject } from './files/json-file.ts'
import { readOnnxFile } from './files/onnx-file.ts'
import type { OnnxFile } from './files/onnx-file.ts'
import { readParquetRows, readParquetTable } from './files/parquet-file.ts'
import type { ParquetCell, ParquetTable } from './files/parquet-file.ts'
import { listTar } from './files/tar-file.ts'
import type { TarListing } from './files/tar-file.ts'

/** A checkpoint's layout as it crosses between processes: files by their places. */
export type CheckpointParts = Omit<CheckpointLayout, 'sources'> & { readonly sources: readonly SourceLocation[] }

export interface TokenizerSizes {
  readonly vocabularySize: number
  readonly ownVocabularySize: number
}

export interface TokenIds {
  readonly ids: readonly (number | null)[]
  readonly padding: number | null
}

/**
 * What is read from files that strangers may have written, as task → function; see
 * {@link import('./reading-process.ts').readApart}.
 */
export const readingTasks = {
  mapping: ({ path }: { path: string }): Promise<Record<string, unknown>> => readMapping(path),

  /** @param target where a deflated member of an archive is unpacked to. */
  async checkpoint(
    { path, scratch, target }: { path: string; scratch: string | undefined; target: string },
    onProgress: () => void,
  ): Promise<CheckpointParts> {
    const layout = await checkpointLayout(path, { ...(scratch === undefined ? {} : { scratch }), target, onProgress })
    await closeAll(layout.sources)
    return { ...layout, sources: layout.sources.map(({ name, path, start, size }) => ({ name, path, start, size })) }
  },

  json: ({ path }: { path: string }): Promise<Record<string, unknown>> => readJsonObject(path),

  elan: ({ path }: { path: string }): Promise<ElanFile> => readElanFile(path),

  async onnx({ path }: { path: string }): Promise<OnnxFile> {
    await assertNoGitPointer(path)
    return readOnnxFile(path)
  },

  parquet: ({ path }: { path: string }): Promise<ParquetTable> => readParquetTable(path),

  parquetRows: ({
    path,
    ...rows
  }: {
    path: string
    columns: readonly string[]
    start: number
    end: number
  }): Promise<Record<string, ParquetCell>[]> => readParquetRows(path, rows),

  /** @param texts extensions of the members whose texts are wanted. @param most members; not given: all. */
  tar: (
    { path, ...wanted }: { path: string; texts: readonly string[]; most?: number },
    onProgress: () => void,
  ): Promise<TarListing> => listTar(path, { ...wanted, onProgress }),

  async tokenizer({ path }: { path: string }): Promise<TokenizerSizes> {
    const { vocabularySize, ownVocabularySize } = await known(path)
    return { vocabularySize, ownVocabularySize }
  },

  /** The ids of pieces, null where the vocabulary has none, and the id that the file itself pads with. */
  async tokenIds({ path, pieces }: { path: string; pieces: readonly string[] }): Promise<TokenIds> {
    const tokenizer = await known(path)
    return { ids: pieces.map(piece => tokenizer.idOf(piece)), padding: tokenizer.padding }
  },

  async tokenPieces({ path, ids }: { path: string; ids: readonly number[] }): Promise<string[]> {
    const tokenizer = await known(path)
    return ids.map(id => tokenizer.pieceOf(id))
  },

  async tokenise({
    path,
    texts,
    length,
  }: {
    path: string
    texts: readonly string[]
    length: number
  }): Promise<EncodedSentence[]> {
    const tokenizer = await known(path)
    return texts.map(text => tokenizer.encode(text, length))
  },
}

export type ReadingTasks = typeof readingTasks

/** The tokenizer read last: a process serves one. */
let last: { readonly path: string; readonly tokenizer: Tokenizer } | null = null

async function known(path: string): Promise<Tokenizer> {
  if (last?.path !== path) last = { path, tokenizer: await readTokenizer(path) }
  return last.tokenizer
}
