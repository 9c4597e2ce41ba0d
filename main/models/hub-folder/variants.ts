import { english } from '../../../native-models/english.ts'
import { refusal } from './refusal.ts'

/** A tower's files by variant (`fp16`, `quantized`, …), the plain one under the empty text. */
export type VariantFiles = ReadonlyMap<string, string>

const plainNames = new Set(['', 'plain', 'fp32', 'float32', 'full'])

/**
 * The file of each tower: the plain ones, or those of the variant asked for. Where there are no plain ones and only one
 * variant, that.
 * @throws ExpectedError listing the variants when there are several and none is named, or the named one is not there.
 */
export function chooseVariant(
  folder: string,
  {
    video,
    text,
    variant,
  }: { readonly video: VariantFiles; readonly text: VariantFiles; readonly variant: string | null },
): { video: string; text: string; variant: string } {
  const of = (name: string) => {
    const [videoFile, textFile] = [video.get(name), text.get(name)]
    return videoFile === undefined || textFile === undefined
      ? null
      : { video: videoFile, text: textFile, variant: name }
  }
  const common = [...video.keys()].filter(name => text.has(name))
  const wanted = variant?.trim().toLowerCase() ?? ''
  const found = of(wanted) ?? (plainNames.has(wanted) ? of('') : null)
  if (found) return found
  if (variant !== null) {
    throw refusal(
      common.length === 0
        ? english`${folder} has no variant that both towers share; it has ${listed(video)} and ${listed(text)}.`
        : english`${folder} has no variant ‘${variant}’ of both towers; it has ${common.map(shown).join(', ')}: choose one of these with --variant.`,
    )
  }
  const [only] = common
  if (common.length === 1 && only !== undefined) return of(only)!
  if (common.length > 1) {
    throw refusal(
      english`${folder} has no plain towers but the variants ${common.join(', ')}; choose one with --variant.`,
    )
  }
  const [onlyVideo, onlyText] = [[...video.values()], [...text.values()]]
  if (onlyVideo.length === 1 && onlyText.length === 1) {
    return { video: onlyVideo[0]!, text: onlyText[0]!, variant: [...video.keys()].find(name => name !== '') ?? '' }
  }
  throw refusal(
    english`${folder} has no variant that both towers share, only ${listed(video)} and ${listed(text)}; download the missing file.`,
  )
}

const shown = (name: string): string => (name === '' ? 'plain' : name)
const listed = (files: VariantFiles): string => [...files.values()].join(', ')
