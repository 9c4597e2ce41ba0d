import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { EncodedSentence } from '../../../../native-models/tokenizer/tokenizer.ts'
import type { Engine } from '../../../engine/engine.ts'
import type { TensorValue } from '../../../engine/onnxruntime.ts'
import { openTokenizerApart } from '../../../reading-process/read-tokenizer.ts'
import type { ModelTokenizer } from '../../../reading-process/read-tokenizer.ts'
import type { DualEncoderContract } from './contract.ts'
import { Tower } from './tower.ts'
import { rowsOf, unit } from './vectors.ts'

/** Texts of one run, where the file leaves the number free. */
const textsPerRun = 16

/** The text tower and its tokenizer: texts to unit vectors. */
export class TextTower {
  readonly #contract: DualEncoderContract['text']
  readonly #tower: Tower
  readonly #tokenizerPath: string
  #tokenizer: Promise<ModelTokenizer> | null = null

  constructor(
    engine: Engine,
    {
      path,
      tokenizerPath,
      contract,
    }: { readonly path: string; readonly tokenizerPath: string; readonly contract: DualEncoderContract['text'] },
  ) {
    this.#contract = contract
    this.#tokenizerPath = tokenizerPath
    const axes = [null, contract.padding === 'length' ? contract.length : null]
    const inputs = [contract.input, contract.mask, contract.tokenTypes].flatMap(name =>
      name === null ? [] : [{ name, dtypes: [contract.dtype], axes }],
    )
    this.#tower = new Tower(engine, { path, inputs, output: contract.output })
  }

  /**
   * One vector and the number of tokens per text, and the places (from 0) of those that were longer than the tower
   * reads.
   */
  async embed(
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ vectors: Float32Array[]; cut: number[]; tokens: number[] }> {
    const tokenizer = await this.#openTokenizer()
    const fixed = await this.#tower.batch()
    const batch = this.#contract.padding === 'none' ? 1 : (fixed ?? textsPerRun)
    const encoded = await tokenizer.encode(
      this.#contract.lowercase ? texts.map(lowerCase) : texts,
      this.#contract.length,
      signal,
    )
    const vectors: Float32Array[] = []
    for (let first = 0; first < encoded.length; first += batch) {
      signal?.throwIfAborted()
      const part = encoded.slice(first, first + batch)
      // A file with a fixed number of texts gets the last one again where there are too few.
      const filled =
        fixed === null ? part : Array.from({ length: fixed }, (_, place) => part[Math.min(place, part.length - 1)]!)
      vectors.push(...(await this.#run(filled, signal)).slice(0, part.length))
    }
    return {
      vectors: vectors.map(unit),
      cut: encoded.flatMap(({ truncated }, place) => (truncated > 0 ? [place] : [])),
      tokens: encoded.map(({ mask, truncated }) => mask.reduce((sum, one) => sum + one, 0) + truncated),
    }
  }

  /**
   * Runs the tower with the last token of the vocabulary.
   * @throws ExpectedError when it knows fewer tokens than the tokenizer.
   */
  async assertVocabulary(signal?: AbortSignal): Promise<void> {
    const tokenizer = await this.#openTokenizer()
    const { ownVocabularySize } = tokenizer
    const [encoded] = await tokenizer.encode(['a'], this.#contract.length, signal)
    const { ids, mask, truncated } = encoded!
    ids[0] = ownVocabularySize - 1
    const fixed = await this.#tower.batch()
    await this.#run(
      Array.from({ length: fixed ?? 1 }, () => ({ ids, mask, truncated })),
      signal,
    ).catch((cause: unknown) => {
      if (!(cause instanceof ExpectedError)) throw cause
      throw new ExpectedError(
        'vocabulary-size',
        `${this.#tower.name} cannot read the last of the ${ownVocabularySize} entries of the tokenizer's vocabulary, so they do not belong together (${cause.message}); give the tokenizer that the tower was trained with.`,
        { cause },
      )
    })
  }

  async dispose(): Promise<void> {
    await this.#tokenizer?.then(
      tokenizer => tokenizer.end(),
      () => undefined,
    )
    await this.#tower.dispose()
  }

  #openTokenizer(): Promise<ModelTokenizer> {
    if (!this.#tokenizer) {
      this.#tokenizer = openTokenizerApart(this.#tokenizerPath)
      this.#tokenizer.catch(() => {
        this.#tokenizer = null
      })
    }
    return this.#tokenizer
  }

  async #run(texts: readonly EncodedSentence[], signal?: AbortSignal): Promise<Float32Array[]> {
    const { input, mask, maskPadding, tokenTypes, output, padding, padId, length } = this.#contract
    const longest =
      padding === 'length' ? length : Math.max(...texts.map(text => text.mask.reduce((sum, token) => sum + token, 0)))
    const tensor = (valueOf: (text: EncodedSentence, place: number) => number): TensorValue => {
      const values = Int32Array.from({ length: texts.length * longest }, (_, index) =>
        valueOf(texts[Math.floor(index / longest)]!, index % longest),
      )
      const dims = [texts.length, longest]
      return this.#contract.dtype === 'int32'
        ? { dtype: 'int32', dims, data: values }
        : { dtype: 'int64', dims, data: BigInt64Array.from(values, BigInt) }
    }
    const result = await this.#tower.run(
      {
        [input]: tensor((text, place) => (text.mask[place] === 1 ? text.ids[place]! : padId)),
        ...(mask === null ? {} : { [mask]: tensor((text, place) => (maskPadding ? 1 : text.mask[place]!)) }),
        ...(tokenTypes === null ? {} : { [tokenTypes]: tensor(() => 0) }),
      },
      signal,
    )
    return rowsOf(this.#tower.name, { output, tensor: result, count: texts.length })
  }
}

/** Each letter by itself, as tokenizers do: JavaScript gives a sigma at the end of a word its own small letter. */
const lowerCase = (text: string): string => text.replaceAll('Σ', 'σ').toLowerCase()
