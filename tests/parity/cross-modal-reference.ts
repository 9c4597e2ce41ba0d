import type { LfVilaConfig } from '../../native-models/lfvila/configuration/config.ts'
import { videoEpsilon } from '../../native-models/lfvila/video/patch-embedding.ts'

type Read = (name: string, shape: readonly number[]) => Promise<Float32Array>
/** [rows][columns] */
type Matrix = number[][]

interface Linear {
  readonly weight: Float32Array
  readonly bias: Float32Array
}
interface Norm extends Linear {
  readonly epsilon: number
}
interface Layer {
  readonly query: Linear
  readonly key: Linear
  readonly value: Linear
  readonly mixed: Linear
  readonly afterMixing: Norm
  readonly inner: Linear
  readonly outer: Linear
  readonly after: Norm
}

/**
 * Stage 2 of the text encoder as a loop over numbers in float64, written from docs/reference.md (§2, §3.4, §3.5)
 * without the graph: what it attends to, and the answer of a model of questions to which that leads.
 */
export class CrossModalReference {
  readonly #config: LfVilaConfig
  readonly #mask: readonly number[]
  readonly #layers: readonly Layer[]
  readonly #video: { readonly places: Float32Array; readonly times: Float32Array; readonly norm: Norm }
  readonly #pooler: Linear
  readonly #classifier: Linear

  private constructor(
    config: LfVilaConfig,
    {
      mask,
      layers,
      video,
      pooler,
      classifier,
    }: {
      mask: readonly number[]
      layers: readonly Layer[]
      video: { readonly places: Float32Array; readonly times: Float32Array; readonly norm: Norm }
      pooler: Linear
      classifier: Linear
    },
  ) {
    this.#config = config
    this.#mask = mask
    this.#layers = layers
    this.#video = video
    this.#pooler = pooler
    this.#classifier = classifier
  }

  /** @param mask of the global token and the words, 1 for what is read. */
  static async read({ config, read, mask }: { config: LfVilaConfig; read: Read; mask: readonly number[] }) {
    const { hidden, intermediate, pairLayers, layers: last, epsilon } = config.text
    const linear = async (name: string, out = hidden, inner = hidden): Promise<Linear> => ({
      weight: await read(`${name}.weight`, [out, inner]),
      bias: await read(`${name}.bias`, [out]),
    })
    const norm = async (name: string, at = epsilon): Promise<Norm> => ({
      weight: await read(`${name}.weight`, [hidden]),
      bias: await read(`${name}.bias`, [hidden]),
      epsilon: at,
    })
    const layers: Layer[] = []
    for (let index = pairLayers; index < last; index++) {
      const name = `text_encoder.bert.encoder.layer.${index}`
      layers.push({
        query: await linear(`${name}.attention.self.query`),
        key: await linear(`${name}.attention.self.key`),
        value: await linear(`${name}.attention.self.value`),
        mixed: await linear(`${name}.attention.output.dense`),
        afterMixing: await norm(`${name}.attention.output.LayerNorm`),
        inner: await linear(`${name}.intermediate.dense`, intermediate),
        outer: await linear(`${name}.output.dense`, hidden, intermediate),
        after: await norm(`${name}.output.LayerNorm`),
      })
    }
    return new CrossModalReference(config, {
      mask,
      layers,
      video: {
        places: await read('video_token_pos.s_pos_embed', [1, 1, config.videoPatches, hidden]),
        times: await read('video_token_pos.t_pos_embed', [1, config.video.frames, 1, hidden]),
        norm: await norm('video_token_pos.norm', videoEpsilon),
      },
      pooler: await linear('text_encoder.bert.pooler.dense'),
      classifier: await linear('text_encoder.classifier', config.labels ?? 0),
    })
  }

  /**
   * @param stage1 the first [1 + words, hidden] of it. @param tokens the first [frames · patches, hidden].
   * @returns logits, and of each layer [heads · places · places] over the words and the frames.
   */
  run(stage1: Float32Array, tokens: Float32Array): { answer: number[]; layers: number[][] } {
    const { hidden } = this.#config.text
    const row = (from: Float32Array, index: number): number[] =>
      Array.from(from.subarray(index * hidden, (index + 1) * hidden))
    const { frames } = this.#config.video
    const patches = this.#config.videoPatches
    const words = this.#mask.map((_, index) => row(stage1, index))
    const seen = Array.from({ length: frames * patches }, (_, index) => {
      const [time, place] = [
        row(this.#video.times, Math.floor(index / patches)),
        row(this.#video.places, index % patches),
      ]
      return row(tokens, index).map((value, channel) => value + (time[channel] ?? 0) + (place[channel] ?? 0))
    })
    let x: Matrix = [...words, ...normalised(seen, this.#video.norm)]
    const layers: number[][] = []
    for (const layer of this.#layers) {
      const { after, attention } = this.#layer(x, layer)
      x = after
      layers.push(attention.flatMap(map => byFrame(map, { words: words.length, frames, patches }).flat()))
    }
    const [pooled = []] = applied([x[0] ?? []], this.#pooler)
    const [answer = []] = applied([pooled.map(Math.tanh)], this.#classifier)
    return { answer, layers }
  }

  #layer(x: Matrix, layer: Layer): { after: Matrix; attention: Matrix[] } {
    const { heads, hidden, maskValue } = this.#config.text
    const width = hidden / heads
    const [query, key, value] = [applied(x, layer.query), applied(x, layer.key), applied(x, layer.value)]
    const added = x.map((_, place) =>
      (this.#mask[place] ?? 1) === 1 ? 0 : maskValue === 'lowest' ? -3.4028234663852886e38 : maskValue,
    )
    const mixed: Matrix = x.map(() => new Array<number>(hidden).fill(0))
    const attention = Array.from({ length: heads }, (_, head) =>
      query.map((asking, place) => {
        const scores = key.map((answering, other) => {
          let sum = 0
          for (let c = head * width; c < (head + 1) * width; c++) sum += (asking[c] ?? 0) * (answering[c] ?? 0)
          return sum / Math.sqrt(width) + (added[other] ?? 0)
        })
        const most = Math.max(...scores)
        const powers = scores.map(score => Math.exp(score - most))
        const total = powers.reduce((a, b) => a + b, 0)
        const shares = powers.map(power => power / total)
        for (let c = head * width; c < (head + 1) * width; c++) {
          mixed[place]![c] = shares.reduce((sum, share, other) => sum + share * (value[other]?.[c] ?? 0), 0)
        }
        return shares
      }),
    )
    const attended = normalised(sum(applied(mixed, layer.mixed), x), layer.afterMixing)
    const inner = applied(attended, layer.inner).map(line => line.map(gelu))
    return { after: normalised(sum(applied(inner, layer.outer), attended), layer.after), attention }
  }
}

/** Keys of a frame summed over its patches, queries of a frame their mean. */
function byFrame(map: Matrix, { words, frames, patches }: { words: number; frames: number; patches: number }): Matrix {
  const groups = Array.from({ length: frames }, (_, frame) =>
    Array.from({ length: patches }, (_, patch) => words + frame * patches + patch),
  )
  const columns = map.map(line => [
    ...line.slice(0, words),
    ...groups.map(group => group.reduce((total, place) => total + (line[place] ?? 0), 0)),
  ])
  return [
    ...columns.slice(0, words),
    ...groups.map(group =>
      (columns[0] ?? []).map(
        (_, key) => group.reduce((total, place) => total + (columns[place]?.[key] ?? 0), 0) / patches,
      ),
    ),
  ]
}

function applied(x: Matrix, { weight, bias }: Linear): Matrix {
  return x.map(line =>
    Array.from(bias, (start, out) => {
      let total = start
      for (const [index, value] of line.entries()) total += value * (weight[out * line.length + index] ?? 0)
      return total
    }),
  )
}

const sum = (a: Matrix, b: Matrix): Matrix => a.map((line, row) => line.map((value, c) => value + (b[row]?.[c] ?? 0)))

function normalised(x: Matrix, { weight, bias, epsilon }: Norm): Matrix {
  return x.map(line => {
    const mean = line.reduce((a, b) => a + b, 0) / line.length
    const variance = line.reduce((total, value) => total + (value - mean) ** 2, 0) / line.length
    return line.map((value, c) => ((value - mean) / Math.sqrt(variance + epsilon)) * (weight[c] ?? 1) + (bias[c] ?? 0))
  })
}

const gelu = (x: number): number => 0.5 * x * (1 + errorFunction(x / Math.SQRT2))

/** By its series about 0, whose terms are small where it is not 1 already. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x)
  let [term, total] = [x, x]
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}
