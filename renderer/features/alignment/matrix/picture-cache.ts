import { mediaUrl } from '../../../client/client.ts'
import { takePictureTurn } from '../../../ui/pictures/picture-turns.ts'

const limit = 800

/**
 * Decoded pictures for canvases. `get` answers at once; `loaded` is called when a picture that was missing has come.
 */
export class PictureCache {
  readonly #pictures = new Map<string, { readonly image: HTMLImageElement; readonly settled: Promise<void> }>()
  readonly #loaded: () => void

  constructor(loaded: () => void) {
    this.#loaded = loaded
  }

  get(path: string): HTMLImageElement | null {
    const { image } = this.#pictureOf(path)
    return image.complete && image.naturalWidth > 0 ? image : null
  }

  /** Resolves when every one of the pictures has come or failed. */
  async all(paths: string[]): Promise<void> {
    await Promise.all(paths.map(path => this.#pictureOf(path).settled))
  }

  #pictureOf(path: string) {
    const known = this.#pictures.get(path)
    if (known) return known
    const image = new Image()
    image.decoding = 'async'
    // Another origin in the desktop app: without this the canvas could not be exported.
    image.crossOrigin = 'anonymous'
    const settled = new Promise<void>(resolve => {
      image.onload = image.onerror = () => resolve()
    })
    const endTurn = takePictureTurn(() => {
      image.src = mediaUrl(path)
    })
    void settled.then(() => {
      endTurn()
      this.#loaded()
    })
    const picture = { image, settled }
    this.#pictures.set(path, picture)
    this.#forgetOldest()
    return picture
  }

  #forgetOldest() {
    const [oldest] = this.#pictures.keys()
    if (this.#pictures.size > limit && oldest !== undefined) this.#pictures.delete(oldest)
  }
}
