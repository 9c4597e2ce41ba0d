import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { learningInput } from '../api/learning.ts'
import type { CorrectedCaptions, LearningInput } from '../api/learning.ts'
import type { JobHandler } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { CaptionEditing } from '../library/editing/caption-editing.ts'
import type { Library } from '../library/videos/library.ts'
import { readModel } from '../model-folder/model-file.ts'
import { checkId, modelExists, unusedId } from '../model-folder/register.ts'
import type { VideoTextEncoder } from '../models/encoders/encoder.ts'
import { embedVideo } from '../retrieval/embedding/embed-video.ts'
import type { IndexingParts } from '../retrieval/embedding/embedding-parts.ts'
import { wholeSegment } from '../retrieval/vectors/vector-rows.ts'
import { baseModel } from '../training/runs/start-model.ts'
import { clipsIn, countFound, countFoundLeftOut, spanOf } from './corrected-clips.ts'
import { writeLearnedModel } from './learned-model.ts'
import { learnChange } from './sentence-change.ts'
import type { CorrectedVideo } from './sentence-change.ts'

/** Fewer have nothing to be told from, and nothing to be asked of what the others teach. */
const leastSentences = 2

export interface LearningParts extends Omit<IndexingParts, 'encoder'> {
  readonly jobs: JobQueue
  readonly library: Pick<Library, 'drafts' | 'pathOf' | 'ready' | 'readyVideos' | 'videoByPath'>
  readonly captions: Pick<CaptionEditing, 'draft'>
  /** The folder of registered models, and the name of the one in use. */
  readonly models: string
  readonly inUse: () => string
  /** The model of a name. */
  readonly encoder: (id: string) => Promise<VideoTextEncoder>
  readonly onModels: () => void
}

const payloadOf = learningInput.extend({ base: z.string(), model: z.string() })

/** Models that learn from captions as they were corrected on the timeline. */
export class Learning {
  readonly #parts: LearningParts

  constructor(parts: LearningParts) {
    this.#parts = parts
  }

  /** The videos whose captions were corrected here and can be watched now, by path. */
  async corrected(): Promise<CorrectedCaptions[]> {
    const { library, captions } = this.#parts
    const found: CorrectedCaptions[] = []
    for (const path of library.drafts.corrected()) {
      const video = library.videoByPath(path)
      if (!video || library.readyVideos([video.id]).length === 0) continue
      const { sentences } = await captions.draft(video.id)
      found.push({ videoId: video.id, path, sentences: sentences.filter(one => spanOf(one) !== null).length })
    }
    return found
  }

  /** @throws ExpectedError when there is nothing to learn from, or the model in use cannot be trained. */
  async start(input: LearningInput): Promise<{ jobId: number; model: string }> {
    const { jobs, library, captions, models, inUse } = this.#parts
    const base = inUse()
    await baseModel(models, base)
    let timed = 0
    for (const id of input.videoIds) {
      library.ready(id)
      timed += (await captions.draft(id)).sentences.filter(one => spanOf(one) !== null).length
    }
    if (timed < leastSentences) throw this.#nothing(input, timed)
    const taken = new Set(await readdir(models).catch(() => []))
    if (input.name !== null) checkId(input.name)
    if (input.name !== null && taken.has(input.name)) throw modelExists(input.name)
    const model = input.name ?? unusedId(`${base.replace(/-corrected(-\d+)?$/, '')}-corrected`, taken)
    const title = english`Learn from corrections of ${this.#named(input)}`
    return { jobId: jobs.enqueue({ kind: 'learn', title, payload: { ...input, base, model } }).id, model }
  }

  /** The handler of 'learn' jobs; a model that is there already was made before the program ended. */
  job(): JobHandler {
    return async ({ payload, signal, progress }) => {
      const { models, onModels } = this.#parts
      const input = payloadOf.parse(payload)
      const known = await readModel(join(models, input.model), input.model).catch(() => null)
      if (known) return 'skipped'
      const [base, encoder] = [await baseModel(models, input.base), await this.#parts.encoder(input.base)]
      const videos: CorrectedVideo[] = []
      for (const [done, videoId] of input.videoIds.entries()) {
        const current = basename(this.#parts.library.pathOf(videoId))
        progress({ done, total: input.videoIds.length, unit: 'videos', current })
        const video = await this.#corrected(videoId, { encoder, pass: input.pass, signal })
        if (video.sentences.length > 0) videos.push(video)
      }
      const sentences = videos.reduce((sum, video) => sum + video.sentences.length, 0)
      if (sentences < leastSentences) throw this.#nothing(input, sentences)
      const rule = {
        temperature: encoder.temperature ?? base.config.loss.temperature,
        signal,
        onStep: (done: number, total: number) => progress({ done, total, unit: 'steps', current: null }),
      }
      const change = await learnChange(videos, rule)
      const [before, after] = [await countFound(videos, null, signal), await countFound(videos, change, signal)]
      const leftOut = await countFoundLeftOut(videos, rule)
      await writeLearnedModel(
        { models, id: input.model },
        {
          base,
          change,
          learned: { pass: input.pass, videos: videos.length, sentences, before, after, leftOut },
          signal,
        },
      )
      onModels()
      return 'succeeded'
    }
  }

  /** Of one video what can be learnt from: sentences with times that leave clips outside. */
  async #corrected(
    videoId: number,
    {
      encoder,
      pass,
      signal,
    }: { readonly encoder: VideoTextEncoder; readonly pass: LearningInput['pass']; readonly signal: AbortSignal },
  ): Promise<CorrectedVideo> {
    const { library, captions, store, ledger, sampler, settings } = this.#parts
    const said = (await captions.draft(videoId)).sentences
    // All of them, as they are aligned: those that a model reads together may change each other's embeddings.
    const { embeddings } = await encoder.encodeSentences(
      said.map(({ text }) => text),
      signal,
    )
    const { rows } = await embedVideo(
      { store, ledger, sampler, encoder, settings: settings() },
      library.ready(videoId),
      {
        pass,
        signal,
      },
    )
    const clips = rows.filter(row => row.clip !== wholeSegment)
    const usable = said.flatMap((sentence, index) => {
      const [span, embedding] = [spanOf(sentence), embeddings[index]]
      const own = span ? clipsIn(clips, span) : []
      return embedding && own.length > 0 && own.length < clips.length ? [{ embedding, own }] : []
    })
    return {
      clips: clips.map(({ vector }) => vector),
      sentences: usable.map(({ embedding }) => embedding),
      own: usable.map(({ own }) => own),
    }
  }

  #named({ videoIds }: LearningInput): string {
    const [first] = videoIds
    return videoIds.length === 1 && first !== undefined
      ? basename(this.#parts.library.pathOf(first))
      : english`the ${videoIds.length} videos`
  }

  #nothing(input: LearningInput, usable: number): ExpectedError {
    return new ExpectedError(
      'nothing-to-learn',
      `There is nothing to learn from yet: ${usable} sentences of ${this.#named(input)} have times that leave clips outside, and ${leastSentences} at least are needed; give sentences their times on the timeline.`,
    )
  }
}
