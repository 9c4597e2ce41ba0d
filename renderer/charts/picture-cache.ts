import { mediaUrl } from '../client.ts'

const LIMIT = 800

/** Decoded pictures for canvases. `get` answers at once; `loaded` is called when a picture that was missing has come. */
export class PictureCache {
  readonly #pictures = new Map<string, HTMLImageElement>()
  readonly #loaded: () => void

  constructor(loaded: () => void) {
    this.#loaded = loaded
  }

  get(path: string): HTMLImageElement | null {
    let picture = this.#pictures.get(path)
    if (!picture) {
      picture = new Image()
      picture.decoding = 'async'
      // Another origin in the desktop app: without this the canvas could not be exported.
      picture.crossOrigin = 'anonymous'
      picture.onload = this.#loaded
      picture.src = mediaUrl(path)
      this.#pictures.set(path, picture)
      this.#forgetOldest()
    }
    return picture.complete && picture.naturalWidth > 0 ? picture : null
  }

  /** Resolves when every one of the pictures has come or failed. */
  async all(paths: string[]): Promise<void> {
    await Promise.all(paths.map(path => {
      if (this.get(path)) return
      const picture = this.#pictures.get(path)
      return picture?.decode().catch(() => undefined)
    }))
  }

  #forgetOldest() {
    const [oldest] = this.#pictures.keys()
    if (this.#pictures.size > LIMIT && oldest !== undefined) this.#pictures.delete(oldest)
  }
}
