import { mediaUrl } from '../../../client/client.ts'
import { takePictureTurn } from '../../../ui/pictures/picture-turns.ts'

const limit = 800

/**
 * Decoded pictures for canvases. `get` answers at once; `loaded` is called when a picture that was missing has come.
 */
export class PictureCache {
  readonly #pictures = new Map<string, HTMLImageElement>()
  readonly #loaded: () => void

  constructor(loaded: () => void) {
    this.#loaded = loaded
  }

  get(path: string): HTMLImageElement | null {
    const image = this.#pictureOf(path)
    return image.complete && image.naturalWidth > 0 ? image : null
  }

  #pictureOf(path: string): HTMLImageElement {
    const known = this.#pictures.get(path)
    if (known) return known
    const image = new Image()
    image.decoding = 'async'
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
    this.#pictures.set(path, image)
    this.#forgetOldest()
    return image
  }

  #forgetOldest() {
    const [oldest] = this.#pictures.keys()
    if (this.#pictures.size > limit && oldest !== undefined) this.#pictures.delete(oldest)
  }
}
