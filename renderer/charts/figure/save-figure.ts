import type { Provenance } from '../../../main/api/index.ts'
import { client, mediaUrl } from '../../client/client.ts'
import { t } from '../../locale/i18n.ts'
import type { Origin } from './figure.ts'
import { withPngFacts } from './png-chunks.ts'
import type { Measure } from './sheet.ts'

/** What a file says of where it comes from: paths and hashes, never numbers of the library. */
export interface WrittenProvenance {
  readonly software: string
  readonly model: Provenance['model'] | null
  readonly sampling: string | null
  readonly denseRate: number | null
  readonly precision: string | null
  readonly videos: readonly { readonly path: string; readonly contentId: string | null }[]
  readonly [fact: string]: unknown
}

export async function provenanceOf({ model, videoIds, facts }: Origin): Promise<WrittenProvenance> {
  const found = await client.inspect.provenance({ model, videoIds: [...videoIds] })
  const computed = model !== null
  return {
    software: `LF-VILA Workbench ${found.version}`,
    model: computed ? found.model : null,
    sampling: computed ? found.sampling : null,
    denseRate: computed ? found.denseRate : null,
    precision: computed ? found.precision : null,
    videos: found.videos.map(({ path, contentId }) => ({ path, contentId })),
    ...facts,
  }
}

/** The same in one sentence for programs and readers that show a description. */
export function described({ software, model, videos }: WrittenProvenance): string {
  const parts = [
    ...(model ? [t('figure.describe.model', { model: model.id, hash: model.hash ?? '–' })] : []),
    ...videos.slice(0, 1).map(({ path, contentId }) => t('figure.describe.video', { path, hash: contentId ?? '–' })),
  ]
  return [...parts, software].join('; ')
}

/** As the browser sets text. */
export function textMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) throw new Error('No canvas context.')
  return (text, { size, family, bold }) => {
    context.font = `${bold ? '600 ' : ''}${size}px ${family}`
    return context.measureText(text).width
  }
}

/** Pictures as `data:` addresses, so that the figure needs nothing beside it; those that cannot be had are left out. */
export async function embeddedPictures(paths: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
  const found = await Promise.all(
    [...new Set(paths)].map(async path => {
      const answer = await fetch(mediaUrl(path), { signal }).catch(() => null)
      return answer?.ok ? ([path, await dataAddress(await answer.blob())] as const) : null
    }),
  )
  signal.throwIfAborted()
  return new Map(found.filter(entry => entry !== null))
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('The picture cannot be read.'))
    reader.readAsDataURL(blob)
  })
}

export interface PngFile {
  readonly svg: string
  readonly width: number
  readonly height: number
  readonly dpi: number
  readonly title: string
  readonly description: string
  readonly provenance: WrittenProvenance
}

/** The figure as pixels, with its resolution and provenance in the file. `width` and `height` are the file's pixels. */
export async function pngOf({ svg, width, height, dpi, title, description, provenance }: PngFile): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    canvas.getContext('2d')?.drawImage(image, 0, 0, width, height)
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw new Error(t('figure.tooLarge'))
    const texts = {
      Title: title,
      Description: description,
      Software: provenance.software,
      Provenance: asciiJson(provenance),
    }
    return new Blob([withPngFacts(new Uint8Array(await blob.arrayBuffer()), { dpi, texts })], { type: 'image/png' })
  } finally {
    URL.revokeObjectURL(address)
  }
}

/** JSON that any reader of plain text chunks can take. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
