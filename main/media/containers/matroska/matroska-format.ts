import type { StreamFormat } from '../stream-format.ts'
import { child, children, elementIds, numberOf } from './ebml.ts'

/**
 * The format of a video track, from the beginning of a file; undefined where that does not tell it in the usual way.
 * @param position of the track among all; without it the first one with pictures is meant.
 */
export function matroskaFormat(head: Buffer, position?: number): StreamFormat | undefined {
  const track = children(child(child(head, elementIds.Segment), elementIds.Tracks))
    .filter(({ id }) => id === elementIds.TrackEntry)
    .find(({ content }, at) => (position ?? at) === at && numberOf(child(content, elementIds.TrackType)) === 1)?.content
  const colour = child(child(track, elementIds.Video), elementIds.Colour)
  const range = numberOf(child(colour, elementIds.Range))
  const configuration = child(track, elementIds.CodecPrivate)
  return (
    configuration && {
      configuration,
      matrix: numberOf(child(colour, elementIds.MatrixCoefficients)),
      fullRange: range === 1 || range === 2 ? range === 2 : undefined,
    }
  )
}
