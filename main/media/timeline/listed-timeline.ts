import { openFile } from '../../storage/files/packed-file.ts'
import { isIsoFile } from '../containers/container-kinds.ts'
import { readIndex } from '../containers/iso/iso-boxes.ts'
import { isoSamples } from '../containers/iso/iso-tracks.ts'
import { hasFieldPackets } from '../containers/packets/field-packets.ts'
import { Packets } from '../containers/packets/packets.ts'
import type { MediaInfo } from '../media-info.ts'
import { timelineOf } from './timeline-of-packets.ts'
import type { Timeline } from './timeline.ts'

/**
 * The timeline of a container that lists its frames in one place, as MP4 and QuickTime do: read in milliseconds,
 * without another process, whatever the size of the file. Undefined where the list alone does not tell what is shown.
 * @param info with the count and the duration that ffprobe takes from the list.
 */
export async function listedTimeline(
  path: string,
  info: MediaInfo,
  signal?: AbortSignal,
): Promise<Timeline | undefined> {
  if (!isIsoFile(info) || !info.frameCountExact) return undefined
  const file = await openFile(path).catch(() => undefined)
  try {
    const samples = file && isoSamples(await readIndex(file), info.frameCount, info.stream)
    if (!file || !samples) return undefined
    const { size } = await file.stat()
    const packets = new Packets()
    let end = -Infinity
    for (const sample of samples) {
      // The list of a file that was cut off promises more than it holds; and what has no bytes is no frame.
      if (sample.position + sample.size > size || sample.size === 0) return undefined
      const time = Math.round(sample.time * 1e6) / 1e6
      packets.add({ ...sample, time, decoded: NaN, isShown: true })
      end = Math.max(end, time - info.startTime + sample.duration)
    }
    const timeline = timelineOf(packets, info, { complete: true, listed: true })
    // The list does not tell frames of equal times apart; where an edit list hides some, ffprobe says another length.
    const agrees =
      timeline.frameTimes.length === samples.length &&
      Math.abs((timeline.frameTimes[0] ?? Infinity) - info.firstFrameTime) < 0.001 &&
      Math.abs(end - info.firstFrameTime - info.duration) < 0.5 / info.frameRate
    return agrees && !(await hasFieldPackets(path, info, { packets, signal })) ? timeline : undefined
  } finally {
    await file?.close()
  }
}
