import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { english } from '../../../native-models/english.ts'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import type { DerivedSetting, ImportReport } from '../../api/models.ts'
import { Engine } from '../../engine/engine.ts'
import type { EngineLauncher } from '../../engine/launcher.ts'
import { modelFile, modelHash } from '../../model-folder/model-file.ts'
import { makeModelFolder } from '../../model-folder/register.ts'
import { assertNoGitPointer } from '../../reading-process/files/git-pointer.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import { staysInside } from '../encoders/dual-encoder/contract.ts'
import type { DualEncoderContract } from '../encoders/dual-encoder/contract.ts'
import { openTowers } from '../encoders/dual-encoder/dual-encoder.ts'
import { recordFormat } from '../encoders/dual-encoder/registered.ts'
import type { DualEncoderRecord } from '../encoders/dual-encoder/registered.ts'

const gigabyte = 1024 ** 3
/** Bytes of one file: ONNX files end at 2 GB by their format, their data beside them does not. */
const largest = { onnx: 2 * gigabyte, data: 64 * gigabyte, tokenizer: gigabyte / 8 }

/** A file of the model: where it is, and its path in the model's folder. */
interface PlannedFile {
  readonly from: string
  readonly to: string
  readonly most: number
}

interface DualEncoderImport {
  readonly id: string
  /** The JSON file, or the folder from Hugging Face. */
  readonly source: string
  /** Where the contract's paths begin. */
  readonly folder: string
  readonly contract: DualEncoderContract
  /** What the contract was derived from; null when it was written by hand. */
  readonly derived: { readonly settings: readonly DerivedSetting[]; readonly warnings: readonly string[] } | null
  readonly launch: EngineLauncher
  readonly signal?: AbortSignal | undefined
}

/**
 * Registers the dual encoder that a contract describes: its files are copied, and both towers run once in an engine
 * process of their own. Nothing is registered unless they give vectors of one dimension.
 * @param models The folder of registered models. @throws ExpectedError naming the file, input or output that does not
 * fit.
 */
export async function importDualEncoder(
  models: string,
  { id, source, folder: files, contract, derived, launch, signal }: DualEncoderImport,
): Promise<ImportReport> {
  const plan = await planFiles(files, contract, signal)
  for (const file of plan.files) await assertFile(file)
  const tokenizer = join(files, contract.text.tokenizer)
  const { vocabularySize } = await readApart('tokenizer', { path: tokenizer }, { file: tokenizer, signal })
  const record = await makeModelFolder(models, id, async folder => {
    const digests = new Map<string, string>()
    for (const { from, to } of plan.files) digests.set(to, await copyHashed(from, join(folder, to), signal))
    const dimension = await tryOut(folder, { contract: plan.contract, launch, signal }).catch((error: unknown) => {
      // The copy goes with the refusal: the file is named that the user gave.
      const copy = join(folder, plan.contract.text.tokenizer)
      if (derived && error instanceof ExpectedError && error.code === 'dual-encoder-dimension') {
        throw new ExpectedError(error.code, oneRepository(error.message), { cause: error })
      }
      throw error instanceof ExpectedError
        ? new ExpectedError(error.code, error.message.replaceAll(copy, tokenizer), { cause: error })
        : error
    })
    const written: DualEncoderRecord = {
      format: recordFormat,
      parameters: plan.parameters,
      dimension,
      vocabulary: vocabularySize,
      hash: modelHash(digests, plan.contract),
      source,
      createdAt: Date.now(),
      contract: plan.contract,
    }
    await writeFile(join(folder, modelFile), `${JSON.stringify(written, null, 2)}\n`, { flush: true })
    return written
  })
  return {
    model: id,
    kind: 'dual-encoder',
    parameters: record.parameters,
    taken: plan.files.length,
    skipped: [],
    weights: [],
    settings: [...(derived?.settings ?? [])],
    warnings: [...(derived?.warnings ?? [])],
  }
}

/** Whoever gave a folder has named no outputs. */
const oneRepository = (sentence: string): string =>
  sentence.replace(
    /; name the outputs.*$/,
    english`; download both from one repository, exported with their projections.`,
  )

/**
 * The files to copy, and the contract with their paths in the model's folder: a folder for each tower, as both may use
 * the same names.
 */
async function planFiles(
  source: string,
  contract: DualEncoderContract,
  signal?: AbortSignal,
): Promise<{ files: PlannedFile[]; contract: DualEncoderContract; parameters: number }> {
  const files: PlannedFile[] = []
  let parameters = 0
  const tower = async (folder: 'video' | 'text'): Promise<string> => {
    const from = join(source, contract[folder].file)
    const to = `${folder}/${basename(from)}`
    const onnx = await readApart('onnx', { path: from }, { file: from, signal })
    parameters += onnx.parameters
    files.push({ from, to, most: largest.onnx })
    for (const data of onnx.dataFiles) {
      if (!staysInside(data)) {
        throw new ExpectedError(
          'onnx-data',
          `${from} wants its weights from ${JSON.stringify(data)}, outside of its folder; export it again with the data beside it.`,
        )
      }
      files.push({ from: join(dirname(from), data), to: posix.join(folder, data), most: largest.data })
    }
    return to
  }
  const [video, text] = [await tower('video'), await tower('text')]
  const placed = {
    ...contract,
    video: { ...contract.video, file: video },
    text: { ...contract.text, file: text, tokenizer: `tokenizer/${basename(contract.text.tokenizer)}` },
  }
  files.push({ from: join(source, contract.text.tokenizer), to: placed.text.tokenizer, most: largest.tokenizer })
  return { files, contract: placed, parameters }
}

async function assertFile({ from, most }: PlannedFile): Promise<void> {
  const information = await stat(from).catch(() => null)
  if (!information?.isFile()) {
    throw new ExpectedError(
      'dual-encoder-file',
      `${from} is missing; put the file there or correct its name in the JSON file.`,
    )
  }
  if (information.size > most) {
    throw new ExpectedError(
      'dual-encoder-file',
      `${from} is larger than such a file may be (${most / gigabyte} GB); give the right file.`,
    )
  }
  await assertNoGitPointer(from)
}

/** @returns SHA-256 of the content. */
async function copyHashed(from: string, to: string, signal?: AbortSignal): Promise<string> {
  await mkdir(dirname(to), { recursive: true })
  const hash = createHash('sha256')
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(
    createReadStream(from),
    hashed,
    createWriteStream(to, { flush: true }),
    ...(signal ? ([{ signal }] as const) : []),
  )
  return hash.digest('hex')
}

interface Attempt {
  readonly contract: DualEncoderContract
  readonly launch: EngineLauncher
  readonly signal?: AbortSignal | undefined
}

/** One segment and one sentence through the towers. @returns the dimension of their space. */
async function tryOut(folder: string, { contract, launch, signal }: Attempt): Promise<number> {
  const engine = new Engine({ launch })
  let towers: ReturnType<typeof openTowers> | null = null
  // A run, or the loading of a file, that has begun is stopped only by ending its process.
  const stop = (): void => {
    void engine.close()
  }
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const { video, text } = (towers = openTowers(folder, contract, engine))
    const { size } = contract.video
    const count = contract.segment.clips * contract.segment.framesPerClip * size.height * size.width * 3
    // Every byte value occurs, and neighbours differ as in a picture with edges.
    const { global } = await video.embed(
      { dtype: 'uint8', data: Uint8Array.from({ length: count }, (_, index) => (index * 37 + (index >> 9)) & 255) },
      signal,
    )
    const {
      vectors: [sentence = new Float32Array()],
    } = await text.embed(['A person opens a door and walks into the garden.'], signal)
    if (global.length !== sentence.length) {
      throw new ExpectedError(
        'dual-encoder-dimension',
        `The video tower gives vectors of ${global.length} numbers and the text tower of ${sentence.length}, so they cannot be compared; name the outputs behind the projections into the shared space.`,
      )
    }
    for (const [file, vector] of [
      [contract.video.file, global],
      [contract.text.file, sentence],
    ] as const) {
      if (vector.every(value => value === 0)) {
        throw new ExpectedError(
          'dual-encoder-numbers',
          `${basename(file)} gave nothing but zeros; export it again, or name another output.`,
        )
      }
    }
    await text.assertVocabulary(signal)
    return global.length
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    await towers?.text.dispose().catch(() => undefined)
    await engine.close()
  }
}
