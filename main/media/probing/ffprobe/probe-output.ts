import { z } from 'zod'

/** What ffprobe is asked for. */
export const probedEntries = [
  'format=format_name,start_time,duration',
  'stream=index,codec_type,codec_name,width,height,pix_fmt,field_order,sample_aspect_ratio,avg_frame_rate,r_frame_rate,nb_frames,start_time,duration',
  'stream_disposition=attached_pic,default',
  'stream_tags=rotate,DURATION',
  'stream_side_data=rotation',
].join(':')

const Stream = z.object({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  field_order: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  nb_frames: z.string().optional(),
  start_time: z.string().optional(),
  duration: z.string().optional(),
  disposition: z.object({ attached_pic: z.number().optional(), default: z.number().optional() }).optional(),
  tags: z.object({ rotate: z.string().optional(), DURATION: z.string().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
})

/** The answer of ffprobe. */
export const Probed = z.object({
  format: z.object({
    format_name: z.string().optional(),
    start_time: z.string().optional(),
    duration: z.string().optional(),
  }),
  streams: z.array(Stream),
})
export type Probed = z.infer<typeof Probed>
export type ProbedStream = z.infer<typeof Stream>
export type ProbedFormat = Probed['format']
