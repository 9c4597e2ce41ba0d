export interface ScrubPictures {
  /** Begins to load a picture and tells when it is there or failed; returns how to give it up. */
  load(path: string, settled: (loaded: boolean) => void): () => void
  show(path: string | null): void
}

/**
 * Shows pictures as fast as they come while the wish for one changes faster: one is on its way at a time, after it the
 * one wanted last, and none once the pointer has left.
 */
export class Scrub {
  readonly #pictures: ScrubPictures
  #wanted: string | null = null
  #shown: string | null = null
  #giveUp: (() => void) | null = null

  constructor(pictures: ScrubPictures) {
    this.#pictures = pictures
  }

  want(path: string): void {
    this.#wanted = path
    this.#next()
  }

  leave(): void {
    this.#wanted = null
    this.#giveUp?.()
    this.#giveUp = null
    this.#show(null)
  }

  #next(): void {
    const path = this.#wanted
    if (this.#giveUp || path === null || path === this.#shown) return
    let isSettled = false
    const giveUp = this.#pictures.load(path, loaded => {
      isSettled = true
      this.#giveUp = null
      if (this.#wanted === null) return
      if (loaded) this.#show(path)
      // A picture that cannot be had is not asked for again and again.
      else if (this.#wanted === path) return
      this.#next()
    })
    if (!isSettled) this.#giveUp = giveUp
  }

  #show(path: string | null): void {
    this.#shown = path
    this.#pictures.show(path)
  }
}

/** Places along a video of which there are pictures: enough to find a scene, few enough to be kept for next time. */
const places = 24

/** The frame in the middle of that part of a video over which the pointer is; `fraction` from 0 to 1. */
export function scrubbed(video: { readonly id: number; readonly duration: number | null }, fraction: number) {
  const place = Math.min(places - 1, Math.max(0, Math.floor(fraction * places)))
  const time = ((video.duration ?? 0) * (place + 0.5)) / places
  return { time, path: `frame/${video.id}/${Math.round(time * 1000)}` }
}
