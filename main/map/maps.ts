import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { splitSentences } from '../../native-models/tokenizer/sentences.ts'
import type { MapAnswer, MapScores, MapSubject, VideoMap } from '../api/map.ts'
import type { JobHandler } from '../jobs/job-handler.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { VideoTextEncoder } from '../models/encoders/encoder.ts'
import type { SearchableVideos } from '../retrieval/search/searchable-videos.ts'
import type { Database } from '../storage/database.ts'
import type { StoredMap } from './map-files.ts'
import { mapJob } from './map-job.ts'
import type { MapJobParts } from './map-job.ts'
import { eachRow, indexRevision, passOf, pointName } from './map-points.ts'
import { pathOfContent, videosOnMap } from './map-videos.ts'

export interface MapParts extends Omit<MapJobParts, 'pathOf'> {
  readonly database: Database
  readonly jobs: JobQueue
  readonly searchable: SearchableVideos
  encoder(): Promise<VideoTextEncoder>
  /** The model in use. */
  modelId(): string
}

const titles: Readonly<Record<MapSubject, string>> = { videos: english`Map the videos`, clips: english`Map the clips` }
/** Sentences of one text that clips are scored by, as in a search for moments. */
const mostSentences = 16

/** The maps of the library under the model in use. */
export class Maps {
  readonly #parts: MapParts

  constructor(parts: MapParts) {
    this.#parts = parts
  }

  async get(subject: MapSubject): Promise<MapAnswer> {
    const { files, ledger, searchable, modelId } = this.#parts
    const key = this.#parts.keys()[passOf[subject]]
    const stored = await files.read(key)
    const { indexed, total } = searchable.coverage(passOf[subject], key)
    const isCurrent = stored?.revision === indexRevision(ledger, key)
    return { model: modelId(), map: stored && this.#shown(subject, stored, isCurrent), indexed, total }
  }

  /** The handler of 'map' jobs. */
  job(): JobHandler {
    return mapJob({
      ...this.#parts,
      pathOf: contentId => pathOfContent(this.#parts.database, contentId) ?? contentId,
    })
  }

  start(subject: MapSubject, anew = false): { jobId: number } {
    return {
      jobId: this.#parts.jobs.enqueueOnce({ kind: 'map', title: titles[subject], payload: { subject, anew } }).id,
    }
  }

  /** @throws ExpectedError `empty-text`, or `map-missing` before there is a map. */
  async scores(subject: MapSubject, text: string, signal?: AbortSignal): Promise<MapScores> {
    const sentences = splitSentences(text)
    if (sentences.length === 0) {
      throw new ExpectedError('empty-text', 'There is nothing to look for on the map: type a sentence or a paragraph.')
    }
    const { files, store, encoder } = this.#parts
    const model = await encoder()
    const key = this.#parts.keys()[passOf[subject]]
    const stored = await files.read(key)
    if (!stored) throw new ExpectedError('map-missing', `There is no map of the ${subject} yet: compute it first.`)
    const { vectors, warnings } = await this.#textVectors(model, { subject, sentences }, signal)
    const rowOf = new Map(stored.points.map((point, row) => [pointName(point), row]))
    const scores = new Float32Array(stored.points.length).fill(NaN)
    const level = subject === 'videos' ? 'segment' : 'clip'
    for await (const batch of store.rows({ pass: passOf[subject], key, level })) {
      signal?.throwIfAborted()
      eachRow(batch, (point, vector) => {
        const row = rowOf.get(pointName(point))
        if (row !== undefined) scores[row] = Math.max(...vectors.map(text => cosine(text, vector)))
      })
    }
    return { map: mapId(stored), scores: packed(scores), warnings }
  }

  async #textVectors(
    model: VideoTextEncoder,
    { subject, sentences }: { readonly subject: MapSubject; readonly sentences: string[] },
    signal: AbortSignal | undefined,
  ): Promise<{ vectors: Float32Array[]; warnings: string[] }> {
    if (subject === 'videos') {
      const { embedding, warnings } = await model.encodeParagraph(sentences, signal)
      return { vectors: [embedding], warnings: [...model.warnings, ...warnings] }
    }
    const { embeddings, warnings } = await model.encodeSentences(sentences.slice(0, mostSentences), signal)
    const cut =
      sentences.length > mostSentences
        ? [
            english`Only the first ${mostSentences} of ${sentences.length} sentences were looked for; look for the others apart.`,
          ]
        : []
    return { vectors: embeddings, warnings: [...model.warnings, ...warnings, ...cut] }
  }

  /** The map with a point for each video that holds a content; contents without one are not shown. */
  #shown(subject: MapSubject, stored: StoredMap, isCurrent: boolean): VideoMap {
    const { videos, places } = videosOnMap(this.#parts.database, [
      ...new Set(stored.points.map(({ contentId }) => contentId)),
    ])
    const [rows, video]: [number[], number[]] = [[], []]
    stored.points.forEach(({ contentId }, row) => {
      for (const place of places.get(contentId) ?? []) {
        rows.push(row)
        video.push(place)
      }
    })
    const coordinates = (from: Float32Array) =>
      packed(Float32Array.from({ length: 2 * rows.length }, (_, at) => from[2 * rows[at >> 1]! + (at & 1)]!))
    const seconds = (name: 'start' | 'end') => packed(Float32Array.from(rows, row => stored.points[row]![name]))
    return {
      id: mapId(stored),
      subject,
      model: this.#parts.modelId(),
      points: rows.length,
      principal: coordinates(stored.principal),
      neighbours: stored.neighbours && coordinates(stored.neighbours),
      video: packed(Int32Array.from(video)),
      start: seconds('start'),
      end: seconds('end'),
      row: packed(Int32Array.from(rows)),
      videos,
      isCurrent,
      isFinished: stored.isFinished,
      computedAt: stored.computedAt,
    }
  }
}

const mapId = ({ revision, computedAt }: StoredMap): string => `${revision}-${computedAt}`

const packed = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, first, second] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!
    first += a[i]! * a[i]!
    second += b[i]! * b[i]!
  }
  return product / (Math.sqrt(first * second) || 1)
}
