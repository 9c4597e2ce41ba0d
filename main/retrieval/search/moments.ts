import type { VectorHit } from '../vectors/table-search.ts'

/**
 * A stretch of a video that answers one sentence. `score` is that of its best clip, `peak` that clip's middle
 * (seconds).
 */
export interface Moment {
  contentId: string
  sentence: number
  start: number
  end: number
  score: number
  peak: number
}

/** A neighbour belongs to the same moment when its similarity is at least this fraction of the best clip's. */
const sameMoment = 0.95
/**
 * A moment grows to at most this many clips: one segment of the model, beyond which it would no longer point at
 * anything.
 */
const longest = 4
/** Clips closer than this touch, seconds: the dense pass may leave a fraction of a frame between two segments. */
const touching = 0.1

/**
 * Turns found clips into moments, best first: each clip counts for the sentence it answers best; from the best clip
 * downwards, touching clips of the same video and sentence join it while they are nearly as similar.
 * @param hits one list of found clips per sentence
 */
export function mergeMoments(hits: readonly (readonly VectorHit[])[]): Moment[] {
  const clips = bestPerClip(hits)
  const neighbourhoods = groupByNeighbourhood(clips)
  const taken = new Set<FoundClip>()
  const moments: Moment[] = []
  for (const best of clips) {
    if (taken.has(best)) continue
    taken.add(best)
    const moment: Moment = {
      contentId: best.contentId,
      sentence: best.sentence,
      start: best.start,
      end: best.end,
      score: best.score,
      peak: (best.start + best.end) / 2,
    }
    const neighbours = (neighbourhoods.get(neighbourhood(best)) ?? []).filter(
      clip => best.score > 0 && clip.score >= best.score * sameMoment,
    )
    for (let size = 1; size < longest; size += 1) {
      const next = neighbours.find(clip => !taken.has(clip) && touches(clip, moment))
      if (!next) break
      taken.add(next)
      moment.start = Math.min(moment.start, next.start)
      moment.end = Math.max(moment.end, next.end)
    }
    moments.push(moment)
  }
  return moments
}

interface FoundClip extends VectorHit {
  sentence: number
}

/** Each clip once, with the sentence it answers best, best first. */
function bestPerClip(hits: readonly (readonly VectorHit[])[]): FoundClip[] {
  const clips = new Map<string, FoundClip>()
  hits.forEach((list, sentence) => {
    for (const hit of list) {
      const id = `${hit.segment} ${hit.clip} ${hit.contentId}`
      const known = clips.get(id)
      if (!known || hit.score > known.score) clips.set(id, { ...hit, sentence })
    }
  })
  return [...clips.values()].sort((a, b) => b.score - a.score)
}

function groupByNeighbourhood(clips: readonly FoundClip[]): Map<string, FoundClip[]> {
  const groups = new Map<string, FoundClip[]>()
  for (const clip of clips) {
    const group = groups.get(neighbourhood(clip))
    if (group) group.push(clip)
    else groups.set(neighbourhood(clip), [clip])
  }
  return groups
}

const neighbourhood = (clip: FoundClip) => `${clip.sentence} ${clip.contentId}`

const touches = (clip: FoundClip, moment: Moment) =>
  clip.start <= moment.end + touching && clip.end >= moment.start - touching
