import { english } from '../../../native-models/english.ts'
import type { DerivedSetting } from '../../api/models.ts'
import type { DualEncoderContract } from '../encoders/dual-encoder/contract.ts'
import type { Family } from './families.ts'
import type { HubFiles } from './find-files.ts'

/** What a folder's files were taken to say, in words for the report. */
export function derivedSettings(
  { video, segment, text }: DualEncoderContract,
  { family, files }: { readonly family: Family; readonly files: HubFiles },
): DerivedSetting[] {
  const { fit, shorterSide, interpolation } = video.framing
  const isVideo = video.layout.includes('T')
  const numbers = (values: readonly number[]) => values.map(value => Number(value.toPrecision(6))).join(' ')
  return [
    { name: 'family', value: family.name },
    { name: 'variant', value: files.variant || 'plain' },
    {
      name: isVideo ? english`video tower` : english`image tower`,
      value: `${video.file}: ${video.input} → ${video.output}`,
    },
    { name: 'pictures', value: `${video.size.height} × ${video.size.width}, ${video.layout} ${video.dtype}` },
    {
      name: 'framing',
      value:
        fit === 'stretch'
          ? english`the whole frame, ${interpolation}`
          : english`the middle of ${shorterSide}, ${interpolation}`,
    },
    ...(video.dtype === 'uint8'
      ? []
      : [{ name: 'normalisation', value: english`mean ${numbers(video.mean)}, std ${numbers(video.std)}` }]),
    {
      name: 'clips',
      value: isVideo
        ? english`${segment.framesPerClip} frames at once`
        : english`the mean of ${segment.framesPerClip} frames`,
    },
    { name: english`text tower`, value: `${text.file}: ${text.input} → ${text.output}` },
    {
      name: 'texts',
      value: [
        english`${text.length} tokens at most`,
        text.padding === 'length' ? english`padded with ${text.padId}` : english`not padded`,
        ...(text.lowercase ? [english`in small letters`] : []),
      ].join(', '),
    },
    { name: 'tokenizer', value: text.tokenizer },
  ]
}
