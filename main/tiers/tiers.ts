import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { mostSentences } from '../api/common/rules.ts'
import type { Caption } from '../api/library/library.ts'
import type { Tier, TierContent, TierExport, TiersTaken, TiersWritten } from '../api/library/tiers.ts'
import type { CaptionEditing } from '../library/editing/caption-editing.ts'
import type { Library } from '../library/videos/library.ts'
import type { Database } from '../storage/database.ts'
import { assertFree, writeOutput } from '../storage/files/output-path.ts'
import { labellingInterface } from '../training/data/annotation-tools/label-studio-document.ts'
import { readElanTiers } from './elan-tiers.ts'
import type { ElanTierSpans } from './elan-tiers.ts'
import { spansOfTiers, tierDocument } from './tier-document.ts'
import { TierStore } from './tier-store.ts'

/** Of a video that does not say how many frames it has a second. */
const usualRate = 25

export interface TierParts {
  readonly database: Database
  readonly library: Pick<Library, 'records' | 'pathOf' | 'ready' | 'changed'>
  readonly captions: Pick<CaptionEditing, 'draft'>
}

/** Rows of a user's own spans beside the captions of a video. They lie in the workspace, by content. */
export class Tiers {
  readonly #parts: TierParts
  readonly #store: TierStore

  constructor(parts: TierParts) {
    this.#parts = parts
    this.#store = new TierStore(parts.database)
  }

  /** @throws ExpectedError `video-unknown`. A video whose content is not known has none. */
  list(videoId: number): Tier[] {
    this.#parts.library.pathOf(videoId)
    const contentId = this.#parts.library.records.contentOf(videoId)
    return contentId === null ? [] : this.#store.of(contentId)
  }

  /** @throws ExpectedError `video-unknown`, `video-not-ready`, `tier-name`, `tier-full`. */
  add(videoId: number, name: string, content?: TierContent): Tier {
    return this.#changed(this.#store.add(this.#contentOf(videoId), plainText(name), content && plain(content)))
  }

  /** @throws ExpectedError `tier-unknown`, `tier-name`. */
  rename(id: number, name: string): Tier {
    return this.#changed(this.#store.rename(id, plainText(name)))
  }

  /** @throws ExpectedError `tier-unknown`. */
  remove(id: number): Tier {
    return this.#changed(this.#store.remove(id))
  }

  /** @throws ExpectedError `tier-unknown`, `tiers-elsewhere`. */
  keep(edited: TierContent & { readonly id: number; readonly revision: number }): { revision: number } {
    return { revision: this.#store.keep({ ...edited, ...plain(edited) }) }
  }

  /** What the tiers of a session of ELAN would give. @throws as {@link readElanTiers}, `video-not-ready`. */
  async found(videoId: number, path: string, signal?: AbortSignal): Promise<TiersTaken> {
    const { tiers, note } = await this.#session(videoId, path, signal)
    return { tiers: tiers.map(counted), note }
  }

  /**
   * Takes tiers of a session as new ones; one whose name is taken gets the next number.
   * @throws ExpectedError as {@link found}; `tier-unknown` for a name that the session has not, `tier-full`.
   */
  async read(
    videoId: number,
    { path, names }: { readonly path: string; readonly names: readonly string[] },
    signal?: AbortSignal,
  ): Promise<TiersTaken> {
    const { tiers, note } = await this.#session(videoId, path, signal)
    const wanted = names.map(name => {
      const tier = tiers.find(one => one.name === name)
      if (tier && tier.spans.length <= mostSentences) return tier
      throw tier
        ? new ExpectedError(
            'tier-full',
            `The tier ‘${name}’ of ${path} has ${tier.spans.length} spans, more than the ${mostSentences} that a tier may have.`,
          )
        : new ExpectedError(
            'tier-unknown',
            `${path} has no tier ‘${name}’ with annotations; it has ${tiers.map(one => `‘${one.name}’`).join(', ') || 'none'}.`,
          )
    })
    const contentId = this.#contentOf(videoId)
    const added = this.#parts.database.transaction(() =>
      wanted.map(tier => {
        const there = new Set(this.#store.of(contentId).map(({ name }) => name))
        const name = unusedName(plainText(tier.name) || 'tier', there)
        this.#store.add(contentId, name, { spans: [...tier.spans], done: [], undone: [] })
        return counted({ ...tier, name })
      }),
    )
    this.#parts.library.changed()
    return { tiers: added, note }
  }

  /**
   * Writes the tiers of a video as one file. @throws ExpectedError `video-unknown`, `tier-empty`, `export-exists`,
   * `export-path`, `not-writable`, `disk-full`.
   */
  async write({ videoId, as, path, overwrite, captions }: TierExport): Promise<TiersWritten> {
    const { library } = this.#parts
    const file = library.pathOf(videoId)
    const place = { path: resolve(path), mark: null, overwrite }
    await assertFree(place)
    const sentences = captions ? (await this.#parts.captions.draft(videoId)).sentences : []
    const tiers = [
      ...(sentences.length > 0 ? [{ name: 'captions', spans: sentences }] : []),
      ...this.list(videoId),
    ].filter(({ spans }) => spans.some(({ start }) => start !== null))
    const spans = spansOfTiers(basename(file), tiers)
    if (spans.length === 0) {
      throw new ExpectedError('tier-empty', `${basename(file)} has no span to write: make one on its timeline first.`)
    }
    const contentId = library.records.contentOf(videoId)
    const frameRate = (contentId === null ? null : library.records.infoOf(contentId)?.frameRate) ?? usualRate
    const document = tierDocument(as, spans, { video: basename(file), frameRate, date: new Date().toISOString() })
    await writeOutput(place, partial => writeFile(partial, document))
    const names = tiers.map(({ name }) => name)
    return {
      path: place.path,
      tiers: tiers.length,
      spans: spans.length,
      labellingInterface: as === 'label-studio' ? labellingInterface(frameRate, names) : null,
    }
  }

  #session(videoId: number, path: string, signal?: AbortSignal) {
    const { path: file, info } = this.#parts.library.ready(videoId)
    return readElanTiers(resolve(path), { name: basename(file), duration: info.duration }, signal)
  }

  #contentOf(videoId: number): string {
    const contentId = this.#parts.library.records.contentOf(videoId)
    // Says what is wrong with a video that was not identified.
    return contentId ?? this.#parts.library.ready(videoId).contentId
  }

  /** Lists of tiers are read again in every window. */
  #changed(tier: Tier): Tier {
    this.#parts.library.changed()
    return tier
  }
}

function counted({ name, spans, left }: ElanTierSpans) {
  return { name, spans: spans.length, left }
}

function plain({ spans, done, undone }: TierContent): TierContent {
  return { spans: spans.map(({ text, start, end }): Caption => ({ text: plainText(text), start, end })), done, undone }
}

function plainText(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function unusedName(name: string, there: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const one = number === 1 ? name : `${name} ${number}`
    if (!there.has(one)) return one
  }
}
