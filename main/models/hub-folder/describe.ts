import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { english } from '../../../native-models/english.ts'
import type { DerivedSetting } from '../../api/models.ts'
import { assertNoGitPointer } from '../../reading-process/files/git-pointer.ts'
import { readApart } from '../../reading-process/reading-process.ts'
import { dualEncoderContract, staysInside } from '../encoders/dual-encoder/contract.ts'
import type { DualEncoderContract } from '../encoders/dual-encoder/contract.ts'
import { readConfiguration } from './configuration.ts'
import { familyOf } from './families.ts'
import type { Family } from './families.ts'
import { findHubFiles } from './find-files.ts'
import type { HubFiles } from './find-files.ts'
import { foldersOfTowers } from './layout.ts'
import { pictureFeed } from './pictures.ts'
import { byHand, refusal } from './refusal.ts'
import { derivedSettings } from './settings.ts'
import { textFeed } from './texts.ts'
import { textTower, videoTower } from './towers.ts'
import type { VideoTowerFile } from './towers.ts'

/** A folder of Hugging Face, understood: the description that else is written by hand. */
export interface HubFolder {
  /** Where the description's paths begin. */
  readonly folder: string
  /** For the model's name. */
  readonly name: string
  readonly contract: DualEncoderContract
  /** What was read off the files, for the report. */
  readonly settings: readonly DerivedSetting[]
  readonly warnings: readonly string[]
}

const clipsOfSegment = 8
const framesOfImageClip = 4
/** Bytes of the frames of a segment, as the contract allows. */
const largestSegment = 96 * 1024 * 1024

/**
 * Derives the description of a dual encoder from a folder in the layout of Optimum and transformers.js.
 * @param variant of the ONNX files, as in `fp16`; null for the plain ones.
 * @throws ExpectedError naming the file or field that is missing, broken or asks for what is not done here.
 */
export async function describeHubFolder(
  path: string,
  { variant, signal }: { readonly variant: string | null; readonly signal?: AbortSignal | undefined },
): Promise<HubFolder> {
  const files = await findHubFiles(path, variant)
  const { folder } = files
  const configuration = await readConfiguration(folder, foldersOfTowers(files), signal)
  const family = familyOf(configuration.model, join(folder, 'config.json'))
  const video = await videoTower(folder, { file: files.video, family, signal })
  const text = await textTower(folder, { file: files.text, family, signal })
  assertOneSpace(folder, video, text)
  await assertWhole(files, signal)
  const picture = pictureFeed(folder, { configuration, family, tower: video })
  const texts = await textFeed(folder, { configuration, family, tower: text, tokenizer: files.tokenizer, signal })
  const framesPerClip = framesOf(folder, video, {
    family,
    declared:
      configuration.picture.num_frames ??
      configuration.model.vision_config?.num_frames ??
      configuration.model.num_frames ??
      null,
  })
  const frameBytes = picture.size.height * picture.size.width * 3 * framesPerClip
  const parsed = dualEncoderContract.safeParse({
    format: 'dual-encoder/1',
    video: {
      file: video.file,
      input: video.input,
      output: video.output,
      layout: video.layout,
      dtype: video.dtype,
      ...picture,
    },
    segment: {
      clips: Math.max(1, Math.min(clipsOfSegment, Math.floor(largestSegment / frameBytes))),
      framesPerClip,
    },
    text: {
      file: text.file,
      tokenizer: files.tokenizer,
      input: text.input,
      output: text.output,
      mask: text.mask,
      tokenTypes: text.tokenTypes,
      dtype: text.dtype,
      ...texts,
    },
  })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refusal(
      english`${folder} asks for ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}, which is not done here; correct ${configuration.pictureFile} or config.json, ${byHand}.`,
    )
  }
  return {
    folder,
    name: files.variant === '' ? files.name : `${files.name}-${files.variant}`,
    contract: parsed.data,
    settings: derivedSettings(parsed.data, { family, files }),
    warnings: family.warning === undefined ? [] : [family.warning],
  }
}

/**
 * The family of a folder whose towers may not be here yet.
 * @throws ExpectedError when a configuration is missing or broken, or the family is not known.
 */
export async function familyIn(folder: string, towerFolders: readonly string[], signal?: AbortSignal): Promise<Family> {
  const { model } = await readConfiguration(folder, towerFolders, signal)
  return familyOf(model, join(folder, 'config.json'))
}

/** Frames of one input of a video tower, or those of an image tower that make a clip. */
function framesOf(
  folder: string,
  { file, layout, frames }: VideoTowerFile,
  { family, declared }: { readonly family: Family; readonly declared: number | null },
): number {
  if (!layout.includes('T')) return framesOfImageClip
  const number = frames ?? declared ?? family.frames
  if (number === undefined) {
    throw refusal(
      english`${join(folder, file)} takes clips of any number of frames, and config.json does not say with how many it was trained; add "num_frames" to ${join(folder, 'config.json')}.`,
    )
  }
  return number
}

function assertOneSpace(
  folder: string,
  video: { readonly file: string; readonly dimension: number | null },
  text: { readonly file: string; readonly dimension: number | null },
): void {
  if (video.dimension === null || text.dimension === null || video.dimension === text.dimension) return
  throw refusal(
    english`${join(folder, video.file)} gives vectors of ${video.dimension} numbers and ${text.file} of ${text.dimension}, so they cannot be compared; download both from one repository, exported with their projections.`,
  )
}

/** Weights beside the ONNX files must be there, and no file a note of Git in its place. */
async function assertWhole({ folder, video, text, tokenizer }: HubFiles, signal?: AbortSignal): Promise<void> {
  await assertNoGitPointer(join(folder, tokenizer))
  for (const file of [video, text]) {
    const path = join(folder, file)
    const { dataFiles } = await readApart('onnx', { path }, { file: path, signal })
    // A path that leads out of the folder is refused where the files are copied.
    for (const data of dataFiles.filter(staysInside)) {
      const dataPath = join(dirname(path), data)
      await access(dataPath).catch((cause: unknown) => {
        throw refusal(english`${dataPath} is missing, in which ${file} keeps its weights; download it too.`, cause)
      })
      await assertNoGitPointer(dataPath)
    }
  }
}
