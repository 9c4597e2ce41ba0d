import { largestUpload, uploadPart } from '../../../main/api/common/rules.ts'
import { client } from '../../client/client.ts'
import { formatBytes } from '../../locale/format.ts'
import { t } from '../../locale/i18n.ts'

/** Pixels of the longer side: more than any model sees. */
const longestSide = 1600
const pictureQuality = 0.95

/** Whether a file can be searched with. */
export const isQueryFile = (file: File): boolean =>
  /^(image|video)\//.test(file.type) || /\.(mkv|mts|ts|avi|mov)$/i.test(file.name)

/**
 * Gives a file to the workbench to search with. A picture is decoded here, in the sandbox of the window, and goes as a
 * JPEG; a video goes as it is.
 * @returns what it is asked for by. @throws Error with a sentence when it is too large or no picture.
 */
export async function bringFile(file: File, onShare: (share: number) => void): Promise<string> {
  if (file.size > largestUpload) {
    throw new Error(t('search.like.tooLarge', { name: file.name, most: formatBytes(largestUpload) }))
  }
  const kind = file.type.startsWith('image/') ? 'image' : 'video'
  const content = kind === 'image' ? await asJpeg(file) : file
  let upload: string | null = null
  let sent = 0
  do {
    const end = Math.min(content.size, sent + uploadPart)
    const data = await base64Of(content.slice(sent, end))
    const answer: { upload: string } = await client.search.upload({
      upload,
      name: file.name.slice(-300),
      kind,
      data,
      last: end === content.size,
    })
    upload = answer.upload
    sent = end
    onShare(content.size === 0 ? 1 : sent / content.size)
  } while (sent < content.size)
  return upload
}

async function asJpeg(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap) throw new Error(t('search.like.noPicture', { name: file.name }))
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height))
  // Even numbers of pixels: a JPEG keeps colour for two by two.
  const even = (value: number) => Math.max(2, 2 * Math.round((value * scale) / 2))
  const canvas = new OffscreenCanvas(even(bitmap.width), even(bitmap.height))
  const context = canvas.getContext('2d')
  if (!context) throw new Error('a canvas without a context')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality: pictureQuality })
}

function base64Of(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''))
    reader.onerror = () => reject(reader.error ?? new Error(t('search.like.unreadable')))
    reader.readAsDataURL(part)
  })
}
