import { basename } from 'node:path'
import { english } from '../../../../native-models/english.ts'
import { ExpectedError } from '../../../../native-models/expected-error.ts'
import type { Engine, SessionKey } from '../../../engine/engine.ts'
import type { Signature, ValueSignature } from '../../../engine/onnxruntime.ts'
import type { Tensors } from '../../../engine/protocol.ts'

/** An input or output that the JSON file names. */
export interface NamedValue {
  readonly name: string
  readonly dtypes: readonly string[]
  /** Axes, and a number where only that length fits. */
  readonly axes: readonly (number | null)[] | null
}

/** One ONNX file in the engine, checked against what the JSON file says of it. */
export class Tower {
  readonly #engine: Engine
  readonly #path: string
  readonly #inputs: readonly NamedValue[]
  readonly #output: NamedValue
  #loaded: Promise<{ session: SessionKey; batch: number | null }> | null = null

  constructor(
    engine: Engine,
    {
      path,
      inputs,
      output,
    }: { readonly path: string; readonly inputs: readonly NamedValue[]; readonly output: string },
  ) {
    this.#engine = engine
    this.#path = path
    this.#inputs = inputs
    this.#output = { name: output, dtypes: ['float32', 'float16'], axes: null }
  }

  get name(): string {
    return basename(this.#path)
  }

  /**
   * How many items a run takes: the number written into the file, or null when it is free. @throws ExpectedError when
   * the file does not fit the JSON file.
   */
  async batch(): Promise<number | null> {
    return (await this.#load()).batch
  }

  /** The named output for these inputs. */
  async run(feeds: Tensors, signal?: AbortSignal) {
    const { session } = await this.#load()
    const outputs = await this.#engine.run(session, feeds, { outputs: [this.#output.name], signal })
    return outputs[this.#output.name]
  }

  async dispose(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => null)
    this.#loaded = null
    if (loaded) await this.#engine.release(loaded.session)
  }

  #load() {
    if (!this.#loaded) {
      this.#loaded = this.#open()
      this.#loaded.catch(() => {
        this.#loaded = null
      })
    }
    return this.#loaded
  }

  async #open(): Promise<{ session: SessionKey; batch: number | null }> {
    const session = await this.#engine.load(this.#path).catch((cause: unknown) => {
      // The path is that of a copy in the workspace.
      throw cause instanceof ExpectedError
        ? new ExpectedError(cause.code, cause.message.replaceAll(this.#path, this.name), { cause })
        : cause
    })
    try {
      return { session, batch: this.#check(await this.#engine.describe(session)) }
    } catch (error) {
      await this.#engine.release(session)
      throw error
    }
  }

  #check(signature: Signature): number | null {
    const found = this.#inputs.map(input =>
      assert(this.name, { kind: 'input', present: signature.inputs, value: input }),
    )
    assert(this.name, { kind: 'output', present: signature.outputs, value: this.#output })
    const unfed = signature.inputs.filter(({ name }) => !this.#inputs.some(input => input.name === name))
    if (unfed.length > 0) {
      throw new ExpectedError(
        'dual-encoder-input',
        `${this.name} also needs the ${namesOf('input', unfed)}, which the JSON file does not name; export the tower without ${unfed.length === 1 ? 'it' : 'them'}.`,
      )
    }
    const batch = found[0]?.shape[0]
    return typeof batch === 'number' ? batch : null
  }
}

function assert(
  tower: string,
  {
    kind,
    present,
    value: { name, dtypes, axes },
  }: { readonly kind: 'input' | 'output'; readonly present: readonly ValueSignature[]; readonly value: NamedValue },
): ValueSignature {
  const value = present.find(one => one.name === name)
  if (!value) {
    throw new ExpectedError(
      `dual-encoder-${kind}`,
      `${tower} has no ${kind} ${name}; it has the ${namesOf(kind, present)}: correct the name in the JSON file.`,
    )
  }
  if (value.dtype === null || !dtypes.includes(value.dtype)) {
    throw new ExpectedError(
      `dual-encoder-${kind}`,
      `The ${kind} ${name} of ${tower} is of type ${value.dtype ?? 'no tensor'}, not ${dtypes.join(english` or `)}; correct dtype in the JSON file or name another ${kind}.`,
    )
  }
  if (axes && value.shape.length > 0 && !fits(value.shape, axes)) {
    throw new ExpectedError(
      `dual-encoder-${kind}`,
      `The ${kind} ${name} of ${tower} has the shape [${value.shape.map(size => size || '?').join(', ')}], which does not fit [${axes.map(size => size ?? '?').join(', ')}], as the JSON file describes it.`,
    )
  }
  return value
}

function fits(shape: ValueSignature['shape'], axes: readonly (number | null)[]): boolean {
  return (
    shape.length === axes.length &&
    shape.every((size, axis) => typeof size === 'string' || axes[axis] === null || axes[axis] === size)
  )
}

function namesOf(kind: 'input' | 'output', values: readonly ValueSignature[]): string {
  return `${kind}${values.length === 1 ? '' : 's'} ${values.map(({ name }) => name).join(', ')}`
}
