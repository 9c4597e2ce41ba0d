import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SamplingThread } from '../../../../main/media/sampling-thread/sampling-thread.ts'
import { inProcess } from '../../../../main/reading-process/read-tokenizer.ts'
import { Batches } from '../../../../main/training/data/batches/batches.ts'
import {
  clipIndices,
  firstClip,
  randomRegion,
  spread,
  trainingIndices,
} from '../../../../main/training/data/batches/frame-choice.ts'
import { temporalLabel } from '../../../../main/training/data/batches/temporal-label.ts'
import { temporalSamples } from '../../../../main/training/data/batches/temporal-sampling.ts'
import { ignored, maskTokens } from '../../../../main/training/data/batches/token-masking.ts'
import type { Example, ExampleContent } from '../../../../main/training/data/examples/example.ts'
import { parseConfig } from '../../../../native-models/lfvila/configuration/config.ts'
import { seededRandom } from '../../../../native-models/starter/seeded-random.ts'
import { shippedModel } from '../../../../native-models/starter/shipped.ts'
import { starterVocabulary } from '../../../../native-models/starter/vocabulary.ts'
import { wordPieceTokenizer } from '../../../../native-models/tokenizer/tokenizer.ts'
import { folderOfFile } from '../../../support/folders.ts'
import { sample, thorough } from '../../../support/sample.ts'
import { drawVideo } from '../../../support/videos/ffmpeg.ts'

const published = z
  .object({
    trainFrames: z.array(
      z.object({
        num_frame: z.number(),
        sample_frame: z.number(),
        interval: z.number(),
        start: z.number(),
        end: z.number(),
        idx: z.array(z.number()),
      }),
    ),
    clipFrames: z.array(
      z.object({ frame_nums: z.array(z.number()), sample_frame: z.number(), idx: z.array(z.array(z.number())) }),
    ),
    temporalLabels: z.array(
      z.object({
        span: z.array(z.number().nullable()),
        num_frame: z.number(),
        fps: z.number(),
        label: z.array(z.number()),
        weight: z.array(z.number()),
      }),
    ),
  })
  .parse(JSON.parse((await readFile('tests/fixtures/data-protocol.json', 'utf8')).replaceAll('NaN', 'null')))

describe('the published protocol', () => {
  it('spreads training frames between a drawn start and end', () => {
    for (const { start, end, sample_frame, idx } of published.trainFrames) {
      expect(spread(start, end, sample_frame)).toEqual(idx)
    }
  })

  it('draws start and end from the first and last interval', () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => trainingIndices(1000, 32, seededRandom(seed)))
    const [starts, ends] = [drawn.map(indices => indices[0] ?? -1), drawn.map(indices => indices.at(-1) ?? -1)]
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([0, 32])
    expect([Math.min(...ends), Math.max(...ends)]).toEqual([967, 999])
    for (const frames of [1, 4, 31]) {
      expect(trainingIndices(frames, 32, seededRandom(1)).every(index => index >= 0 && index < frames)).toBe(true)
    }
  })

  it('takes the frames of a clip at the beginnings of equal parts', () => {
    for (const { frame_nums, sample_frame, idx } of published.clipFrames) {
      expect(frame_nums.map(count => clipIndices(count, sample_frame / frame_nums.length))).toEqual(
        idx.map(times => times.map(Math.floor)),
      )
    }
  })

  it('never draws the last start of a long video, and none for evaluation', () => {
    expect(new Set(Array.from({ length: 200 }, (_, seed) => firstClip(7, 4, seededRandom(seed))))).toEqual(
      new Set([0, 1, 2]),
    )
    expect([firstClip(4, 4, seededRandom(1)), firstClip(9, 4, null)]).toEqual([0, 0])
  })

  it('labels the frames that hold an answer', () => {
    for (const {
      span: [start, end],
      num_frame,
      fps,
      label,
      weight,
    } of published.temporalLabels) {
      const found = temporalLabel(
        typeof start === 'number' && typeof end === 'number' ? [start, end] : null,
        num_frame / fps,
        label.length,
      )
      expect([...found.labels]).toEqual(label)
      for (const [frame, value] of found.weights.entries()) expect(value).toBeCloseTo(weight[frame] ?? Number.NaN, 5)
    }
  })
})

describe('what is drawn', () => {
  it('masks 15 % of the tokens: 80 % as [MASK], 10 % as any, 10 % as they were, none that is special', () => {
    const ids = Int32Array.from({ length: 200_000 }, (_, place) => (place % 10 === 0 ? 2 : 100 + (place % 50)))
    const { ids: masked, labels } = maskTokens(
      ids,
      { size: 30_000, mask: 4, special: new Set([0, 1, 2, 3, 4]) },
      seededRandom(1),
    )
    const chosen = [...labels.keys()].filter(place => labels[place] !== ignored)
    expect(chosen.every(place => ids[place] !== 2 && labels[place] === ids[place])).toBe(true)
    expect(chosen.length / 180_000).toBeCloseTo(0.15, 2)
    expect(chosen.filter(place => masked[place] === 4).length / chosen.length).toBeCloseTo(0.8, 1.5)
    expect(chosen.filter(place => masked[place] === ids[place]).length / chosen.length).toBeCloseTo(0.1, 1.5)
    expect([...ids.keys()].every(place => labels[place] !== ignored || masked[place] === ids[place])).toBe(true)
  })

  it('draws keys and values of MTC without repetition', () => {
    const { key, value, otherNegative } = temporalSamples(
      { batch: 100, sentences: 4, keys: 2, values: 2 },
      seededRandom(3),
    )
    expect([key.length, value.length, otherNegative.length]).toEqual([200, 200, 100])
    for (const pair of [key, value]) {
      for (let sample = 0; sample < 100; sample++) expect(pair[2 * sample]).not.toBe(pair[2 * sample + 1])
    }
    for (const places of [key, value, otherNegative]) expect(new Set(places)).toEqual(new Set([0, 1, 2, 3]))
  })

  it('never leaves a batch without a key that counts', () => {
    for (let seed = 0; seed < 200; seed++) {
      const {
        key,
        value: [first = 0, last = 0],
      } = temporalSamples({ batch: 1, sentences: 3, keys: 2, values: 2 }, seededRandom(seed))
      expect([...key].some(place => Math.abs(first - place) !== Math.abs(last - place))).toBe(true)
    }
  })

  it('cuts parts of 80 to 100 % where they fit, else the middle at 4:3, as torchvision does', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { left, top, width, height } = randomRegion({ width: 400, height: 400 }, seededRandom(seed))
      expect(width * height).toBeGreaterThan(0.79)
      expect(left + width).toBeLessThanOrEqual(1)
      expect(top + height).toBeLessThanOrEqual(1)
    }
    expect(randomRegion({ width: 1920, height: 1080 }, seededRandom(1))).toMatchObject({
      left: 0.125,
      top: 0,
      width: 0.75,
      height: 1,
    })
  })

  it('depends on its key alone', () => {
    expect(seededRandom(1, 'a', 2).next()).toBe(seededRandom(1, 'a', 2).next())
    expect(
      new Set(
        [seededRandom(1, 'a', 2), seededRandom(2, 'a', 2), seededRandom(1, 'b', 2), seededRandom(1, 'a', 3)].map(draw =>
          draw.next(),
        ),
      ).size,
    ).toBe(4)
  })
})

const starter = await shippedModel('starter')

describe('batches', () => {
  const folder = folderOfFile('batches')
  let videos: string[] = []
  const vocabulary = starterVocabulary()
  const config = parseConfig(starter.config.model, starter.config.bert)
  const tokenizer = inProcess(wordPieceTokenizer(vocabulary))
  const signal = new AbortController().signal
  const special = new Set([0, 1, 2, 3, 4])
  const sampler = new SamplingThread()

  beforeAll(async () => {
    videos = ['numbers.mp4', 'bars.mp4'].map(name => join(folder, name))
    for (const [place, source] of ['testsrc2', 'testsrc'].entries()) {
      await drawVideo(videos[place] ?? '', `${source}=s=320x192:r=12:d=8`, [
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-pix_fmt',
        'yuv420p',
      ])
    }
  })
  afterAll(async () => {
    await sampler.close()
  })

  const video = (place: number) => ({ path: videos[place] ?? '', start: null, end: null })
  const example = (content: ExampleContent, source = 'rows:1'): Example => ({ source, split: 'train', content })
  const batches = (
    task: ConstructorParameters<typeof Batches>[1]['task'],
    examples: readonly Example[],
    augment = true,
  ) =>
    new Batches(examples, {
      task,
      config,
      tokenizer,
      vocabulary: { size: vocabulary.length, mask: 4, special },
      seed: 7,
      augment,
      sampler,
    })
  const paragraph = (place: number): Example =>
    example(
      {
        type: 'paragraph',
        video: video(place),
        sentences: ['a man walks', 'a dog', 'runs', 'it rains', 'they dance', 'the end'].map((text, at) => ({
          text,
          start: at,
          end: at + 1,
        })),
      },
      `rows:${place}`,
    )

  it('feeds paragraphs: the same for the same epoch, others for another', async () => {
    const examples = [paragraph(0), paragraph(1)]
    const source = batches('retrieval', examples)
    const [first, again, other, evaluated] = [
      await source.load(examples, { epoch: 0, signal }),
      await source.load(examples, { epoch: 0, signal }),
      await source.load(examples, { epoch: 1, signal }),
      await source.load(examples, { epoch: null, signal }),
    ]
    const [height, width] = config.video.inputSize
    expect(first.video?.dims).toEqual([2, config.video.frames, height, width, 3])
    expect(first.textIds?.dims).toEqual([2, config.clips, source.layout?.length])
    const pictures = [first, again, other, evaluated].map(({ video: frames }) =>
      createHash('sha256')
        .update(frames?.data as Uint8Array)
        .digest('hex'),
    )
    expect(pictures[1]).toBe(pictures[0])
    expect(new Set(pictures).size).toBe(3)
    expect(Object.keys(first).sort()).toEqual(['attentionMask', 'textIds', 'video'])
  })

  thorough(
    'feeds the same frames when they are kept, drawn or not, in any order of epochs',
    async () => {
      const examples = [paragraph(0), paragraph(1)]
      const notices: string[] = []
      const store = { directory: join(folder, 'frames'), limit: 1e9, since: Date.now() }
      // Pixels by the million would only take longer.
      const smaller = { ...config, video: { ...config.video, inputSize: [48, 80] as const } }
      const hashes = async (
        epochs: readonly (number | null)[],
        task: Parameters<typeof batches>[0],
        kept: ConstructorParameters<typeof Batches>[1]['kept'],
        augment: boolean,
      ) => {
        const source = new Batches(examples, {
          task,
          config: smaller,
          tokenizer,
          vocabulary: { size: vocabulary.length, mask: 4, special },
          seed: 7,
          augment,
          sampler,
          kept,
        })
        const loaded = []
        for (const epoch of epochs) loaded.push(await source.load(examples, { epoch, signal }))
        return loaded.map(({ video: frames }) =>
          createHash('sha256')
            .update(frames?.data as Uint8Array)
            .digest('hex'),
        )
      }
      const kept = { store, videos: 2, onNotice: (sentence: string) => notices.push(sentence) }
      const kinds = [
        ['retrieval', true],
        ['pretrain-stage1', true],
        ['pretrain-stage1', false],
      ] as const
      for (const [task, augment] of sample(kinds, 2)) {
        const [first, ...others] = await hashes([0, 1, null], task, null, augment)
        const expected = [first, ...others, first]
        expect(await hashes([0, 1, null, 0], task, kept, augment)).toEqual(expected)
        // Every video is in the store now, and all that may be drawn of it.
        expect(await hashes([0, 1, null, 0], task, kept, augment)).toEqual(expected)
      }
      expect(notices).toEqual([])
      const cramped = { ...kept, store: { ...store, limit: 1e6 } }
      expect(await hashes([0, 1], 'retrieval', cramped, true)).toEqual(await hashes([0, 1], 'retrieval', null, true))
      expect(notices[0]).toMatch(/drawn anew in every epoch/)
    },
    600_000,
  )

  it('feeds both stages of pre-training from sentences with times', async () => {
    const examples = [paragraph(0), paragraph(1)]
    const one = await batches('pretrain-stage1', examples).load(examples, { epoch: 0, signal })
    expect([one.keyIndices?.dims, one.valueIndices?.dims, one.otherNegativeIndices?.dims]).toEqual([
      [2, config.loss.keys],
      [2, config.loss.values],
      [2],
    ])
    const two = await batches('pretrain-stage2', examples).load(examples, { epoch: 0, signal })
    const labels = [...(two.mlmLabels?.data ?? [])].map(Number)
    const [batch = 0, sentences = 0, length = 0] = two.textIds?.dims ?? []
    expect(two.mlmLabels?.dims).toEqual([batch, sentences * length])
    expect(labels.some(label => label !== ignored)).toBe(true)
  })

  it('feeds choices with the question and the subtitles beside each answer', async () => {
    const examples = [
      example({
        type: 'choices',
        video: video(0),
        question: 'why?',
        answers: ['a', 'b', 'c', 'd'],
        subtitles: [],
        label: 2,
        span: [0, 1],
      }),
    ]
    const source = batches('qa-multichoice', examples, false)
    const fed = await source.load(examples, { epoch: 0, signal })
    expect(fed.textIds?.dims).toEqual([1, 4, 8, source.layout?.length])
    expect([fed.labels?.data, fed.spanLabels?.dims, fed.spanLabelWeights?.dims]).toEqual([
      Int32Array.of(2),
      [1, config.video.frames],
      [1, config.video.frames],
    ])
    const ids = fed.textIds?.data ?? new Int32Array()
    const sentence = (choice: number, place: number) => [
      ...ids.slice((choice * 8 + place) * (source.layout?.length ?? 0)).slice(0, 3),
    ]
    expect(sentence(0, 0)).toEqual(sentence(3, 0))
    expect(sentence(0, 1)).not.toEqual(sentence(3, 1))
    expect(sentence(0, 2)).toEqual([0, 0, 0])
  })

  it('names the video that cannot be read', async () => {
    const broken = example({
      type: 'class',
      video: { path: join(folder, 'gone.mp4'), start: null, end: null },
      label: 0,
    })
    await expect(batches('video-classification', [broken]).load([broken], { epoch: 0, signal })).rejects.toThrow(
      /gone\.mp4/,
    )
  })
})
