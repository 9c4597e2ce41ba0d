import { join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import type { DualEncoderContract } from '../encoders/dual-encoder/contract.ts'
import type { Extent, HubConfiguration, PictureConfig } from './configuration.ts'
import type { Family } from './families.ts'
import { processorName, processors } from './processors.ts'
import type { Processor } from './processors.ts'
import { byHand, refusal } from './refusal.ts'

type VideoContract = DualEncoderContract['video']
type Interpolation = VideoContract['framing']['interpolation']
type Channels = VideoContract['mean']
interface Size {
  readonly height: number
  readonly width: number
}

/** How frames are fed, as the preprocessor's file says. */
export interface PictureFeed {
  readonly size: Size
  readonly framing: VideoContract['framing']
  readonly mean: Channels
  readonly std: Channels
}

/** PIL's numbers of the filters. */
const filters: readonly (Interpolation | null)[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', null, null]
const openClip: Processor = { ...processors.CLIP! }

/**
 * Size, framing and normalisation of a tower's pictures.
 * @param tower sides of the ONNX file's input, null where they are free.
 * @throws ExpectedError naming the field that asks for what cannot be done here.
 */
export function pictureFeed(
  folder: string,
  {
    configuration: { model, picture, pictureFile },
    family,
    tower,
  }: {
    readonly configuration: HubConfiguration
    readonly family: Family
    readonly tower: { readonly file: string; readonly height: number | null; readonly width: number | null }
  },
): PictureFeed {
  const refuse = (what: string) => refusal(`${join(folder, pictureFile)} ${what}, ${byHand}.`)
  for (const field of ['do_pad', 'do_flip_channel_order'] as const) {
    if (picture[field]) throw refuse(english`asks for ${field}, which is not done here; download another model`)
  }
  const imageSize = model.vision_config?.image_size ?? model.vision_cfg?.image_size ?? null
  const silent: Extent | null = tower.height !== null && tower.width !== null ? [tower.height, tower.width] : imageSize
  const context: Context = { picture, silent, refuse }
  const isOpenClip = typeof picture.resize_mode === 'string' || family.processor === 'OpenCLIP'
  const { size, framing } = isOpenClip ? openClipFraming(context) : framingOf(context, processorOf(context, family))
  const processor = isOpenClip ? openClip : processorOf(context, family)
  if ((tower.height ?? size.height) !== size.height || (tower.width ?? size.width) !== size.width) {
    throw refuse(
      english`makes pictures of ${size.height} × ${size.width}, but ${tower.file} takes ${tower.height ?? '?'} × ${tower.width ?? '?'}; download both from one repository`,
    )
  }
  const interpolation = interpolationOf(picture.resample ?? picture.interpolation ?? processor.resample, refuse)
  return { size, framing: { ...framing, interpolation }, ...normalisation(picture, processor) }
}

interface Context {
  readonly picture: PictureConfig
  /** The size where the file names none. */
  readonly silent: Extent | null
  readonly refuse: (what: string) => Error
}

interface Frame {
  readonly size: Size
  readonly framing: Pick<VideoContract['framing'], 'fit' | 'shorterSide'>
}

/** Defaults of the class that the file names; of one that is not known, every field must be there. */
function processorOf({ picture, refuse }: Context, family: Family): Processor {
  const type = picture.image_processor_type ?? picture.video_processor_type ?? picture.feature_extractor_type
  const name = typeof type === 'string' ? processorName(type) : family.processor
  if (name !== null) return processors[name]!
  const needed = ['size', 'resample', ...(picture.do_normalize === false ? [] : ['image_mean', 'image_std'])]
  const missing = needed.filter(field => (picture[field] ?? null) === null)
  if (missing.length > 0) {
    throw refuse(
      english`is of the class ${type}, which is not known here, and does not say ${missing.join(', ')}; add these`,
    )
  }
  return processors[family.processor]!
}

function framingOf({ picture, silent, refuse }: Context, processor: Processor): Frame {
  if (picture.do_resize === false) {
    throw refuse(english`has do_resize false, but videos come in any size; set it to true`)
  }
  const target = targetOf(picture.size ?? ofForm(processor, silent), processor, refuse)
  const cropped = picture.do_center_crop ?? processor.crop !== null
  const crop = picture.crop_size ?? silent ?? processor.crop
  const middle = cropped && crop !== null ? sidesOf(crop) : null
  if ('height' in target) {
    if (middle && (middle.height !== target.height || middle.width !== target.width)) {
      throw refuse(
        english`stretches pictures to ${target.height} × ${target.width} and cuts ${middle.height} × ${middle.width} out of them, which is not done here; make crop_size as large as size if that is near enough`,
      )
    }
    return { size: target, framing: { fit: 'stretch' } }
  }
  const { shortest } = target
  if (processor.cropShare !== undefined) {
    const size = { height: shortest, width: shortest }
    if (shortest >= 384) return { size, framing: { fit: 'stretch' } }
    const shorterSide = Math.floor(shortest / (picture.crop_pct ?? processor.cropShare))
    return { size, framing: { fit: 'crop', shorterSide } }
  }
  if (!middle) {
    throw refuse(
      english`keeps the form of each picture (size.shortest_edge without do_center_crop), but all frames must have one size; set do_center_crop to true, or size to height and width`,
    )
  }
  if (shortest < Math.max(middle.height, middle.width)) {
    throw refuse(
      english`scales pictures to ${shortest} and cuts ${middle.height} × ${middle.width} out of them, which is more than there is; correct size or crop_size`,
    )
  }
  return { size: middle, framing: { fit: 'crop', shorterSide: shortest } }
}

/** OpenCLIP: one size for the scaling and the crop. */
function openClipFraming({ picture, silent, refuse }: Context): Frame {
  const extent = picture.size ?? silent
  if (extent === null) throw refuse(english`names no size; add it`)
  const size = sidesOf(extent)
  const mode = picture.resize_mode ?? 'shortest'
  if (mode === 'squash') return { size, framing: { fit: 'stretch' } }
  if (mode !== 'shortest' || size.height !== size.width) {
    throw refuse(
      english`has resize_mode ${mode} with ${size.height} × ${size.width}, which is not done here; download another model`,
    )
  }
  return { size, framing: { fit: 'crop', shorterSide: size.height } }
}

/** A size that comes from the tower, in the form that the processor has. */
function ofForm(processor: Processor, silent: Extent | null): Extent {
  if (silent === null) return processor.size
  const { height, width } = sidesOf(silent)
  return typeof processor.size === 'object' && 'shortest_edge' in processor.size
    ? { shortest_edge: Math.max(height, width) }
    : { height, width }
}

function targetOf(
  extent: Extent,
  processor: Processor,
  refuse: Context['refuse'],
): Size | { readonly shortest: number } {
  if (typeof extent === 'number') return processor.square ? sidesOf(extent) : { shortest: extent }
  if (Array.isArray(extent)) return sidesOf(extent)
  if (typeof extent.height === 'number' && typeof extent.width === 'number') return sidesOf(extent)
  if (typeof extent.shortest_edge === 'number' && typeof extent.longest_edge !== 'number') {
    return { shortest: extent.shortest_edge }
  }
  throw refuse(
    english`has a size of ${Object.keys(extent).join(' and ') || 'no sides'}, which does not give all frames one size; set height and width, or shortest_edge`,
  )
}

/** Both sides; one number is a square's. */
function sidesOf(extent: Extent): Size {
  if (typeof extent === 'number') return { height: extent, width: extent }
  if (Array.isArray(extent)) return { height: extent[0], width: extent[1] }
  const side = extent.shortest_edge ?? extent.longest_edge ?? 0
  return { height: extent.height ?? side, width: extent.width ?? side }
}

function interpolationOf(resample: number | string, refuse: Context['refuse']): Interpolation {
  const plain = typeof resample === 'string' ? resample.toLowerCase().split('.').at(-1)! : resample
  // OpenCLIP's `random` is for training; its own transform for inference is bicubic then.
  const found = typeof plain === 'number' ? filters[plain] : plain === 'random' ? 'bicubic' : plain
  const known = filters.find(filter => filter !== null && filter === found)
  if (!known) throw refuse(english`asks for the filter ${resample} (resample), which is not done here; set 2 or 3`)
  return known
}

/** As mean and std of values 0–1, whatever bytes are multiplied by before. */
function normalisation(picture: PictureConfig, processor: Processor): { mean: Channels; std: Channels } {
  const normalised = picture.do_normalize ?? true
  const mean = normalised ? (picture.image_mean ?? picture.mean ?? processor.mean) : ([0, 0, 0] as const)
  const std = normalised ? (picture.image_std ?? picture.std ?? processor.std) : ([1, 1, 1] as const)
  const factor = picture.do_rescale === false ? 1 : (picture.rescale_factor ?? 1 / 255)
  const offset = picture.rescale_offset ? 1 : 0
  // Factors are written with as many digits as they have: 1/255 must not become something beside 1.
  const range = Math.abs(factor * 255 - 1) < 1e-6 ? 1 : factor * 255
  const each = (values: readonly [number, number, number], change: (value: number) => number): Channels => [
    change(values[0]),
    change(values[1]),
    change(values[2]),
  ]
  return { mean: each(mean, value => (value + offset) / range), std: each(std, value => value / range) }
}
