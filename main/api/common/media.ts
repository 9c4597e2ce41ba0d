import { z } from 'zod'

/**
 * A picture or a video stream, as a path below the host's media base
 * (`media://` in the desktop app, `/media/` on the server): `thumbnail/12`, `frame/12/3500` (milliseconds), `video/12`.
 */
export const mediaPath = z.string()

/** A sampled frame that can be shown. `time` in seconds from the start of the video. */
export const frame = z.object({ time: z.number(), image: mediaPath })
export type Frame = z.infer<typeof frame>
