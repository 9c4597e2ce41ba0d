/** What is known of a video file before any frame is decoded. Plain data: it can be stored and sent. */
export interface MediaInfo {
  /** Seconds from the first to the end of the last frame. */
  readonly duration: number
  /** Pixels as displayed: orientation and pixel aspect ratio applied. */
  readonly width: number
  readonly height: number
  /** Pixels as stored, orientation applied, pixel aspect ratio not. */
  readonly storedWidth: number
  readonly storedHeight: number
  /** Clockwise degrees the stored picture is turned for display: 0, 90, 180 or 270. */
  readonly rotation: number
  /** Average frames per second. */
  readonly frameRate: number
  /**
   * Frames in the video; each was seen, in the container's list or in its packets, when `frameCountExact`, else an
   * estimate.
   */
  readonly frameCount: number
  readonly frameCountExact: boolean
  /** ffmpeg's codec name, e.g. `h264`, `hevc`, `vp9`, `av1`, `mpeg4`. */
  readonly codec: string
  /** ffmpeg's pixel format, e.g. `yuv420p`. */
  readonly pixelFormat: string
  /** ffmpeg's container names, comma separated, e.g. `mov,mp4,m4a,3gp,3g2,mj2` or `matroska,webm`. */
  readonly container: string
  readonly hasAudio: boolean
  /** Name of the first audio stream's codec, or null. */
  readonly audioCodec: string | null
  /** Container timestamp, in seconds, that a player shows as 0:00. All times of this program count from it. */
  readonly startTime: number
  /** Time of the first frame, counted from `startTime`: above 0 when sound begins before the picture. */
  readonly firstFrameTime: number
  /** Position of the film among the streams of the file; absent in what earlier versions have stored. */
  readonly stream?: number | undefined
  /** Another picture stream comes before the film: players that take the first one would show that. */
  readonly behindPicture?: boolean | undefined
  /** The stream says that its pictures are made of two fields, or does not say that they are not. */
  readonly isInterlaced?: boolean | undefined
  /** Seconds that the container announces for the picture, where `duration` was measured instead. */
  readonly announcedDuration?: number | undefined
}
