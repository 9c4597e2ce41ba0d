import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExpectedError } from '../../../native-models/expected-error.ts'
import { makeFolder } from '../../storage/files/make-folder.ts'
import { ffmpegAbilities } from '../ffmpeg/executables.ts'
import type { FfmpegAbilities } from '../ffmpeg/executables.ts'
import type { DemoLibrary } from './demo.ts'
import { drawStories } from './stories/draw-stories.ts'
import type { StoryOptions, StorySplit } from './stories/options.ts'
import { Questioner } from './stories/questions.ts'
import type { Story } from './stories/story.ts'
import { sentenceFor } from './telling/sentence.ts'
import { chapters, classes, firstPlace, paragraphs, quarters, questions } from './writing/annotations.ts'
import type { ToldStory } from './writing/annotations.ts'
import { captionText, timed } from './writing/caption-text.ts'
import { encoderOptions, smallEncoderOptions } from './writing/encoders.ts'
import { unwritable, writeBeside } from './writing/write-beside.ts'
import { writeVideos } from './writing/write-videos.ts'
import type { DemoOptions, PaintedVideo } from './writing/write-videos.ts'

export interface StoryRequest {
  /** How many stories of each split. */
  readonly counts: readonly (readonly [split: StorySplit, count: number])[]
  readonly options: StoryOptions
}

export interface StoryLibrary extends DemoLibrary {
  /** Paths of the annotation files. */
  readonly annotations: string[]
}

/** What a folder of stories says of itself, so that no others are mixed with them. */
const recordName = '.stories.json'

/**
 * Makes a library of stories drawn from a seed, with captions beside the videos and annotations in published forms.
 * What is there complete is kept; a larger number of the same stories adds those that are missing.
 * @throws ExpectedError `stories-differ` where the folder has others; as {@link writeVideos}.
 */
export async function generateStories(
  directory: string,
  { counts, options }: StoryRequest,
  demo: DemoOptions = {},
): Promise<StoryLibrary> {
  const abilities = await ffmpegAbilities()
  const told = new Map(
    counts.map(([split, count]) => [split, drawStories(options, split, count).map(story => tell(story, split))]),
  )
  const videos = [...told.values()].flat().map(({ story, name, sentences }): PaintedVideo => {
    const { container, format, isSmall } = encodingOf(story, abilities)
    return {
      file: join(directory, `${name}.${container}`),
      captions: { file: join(directory, `${name}.${story.captions}`), text: captionText(sentences, story.captions) },
      scenes: story.scenes,
      size: story.size,
      framesPerSecond: options.framesPerSecond,
      format,
      isSmall,
    }
  })
  for (const [split] of counts) await claim(directory, split, options)
  await writeVideos(directory, videos, demo)
  const annotations = [...told].flatMap(([split, stories]) => annotationFiles(split, stories, options))
  try {
    for (const [file, text] of annotations) {
      await makeFolder(join(directory, file, '..'))
      await writeBeside(join(directory, file), partial => writeFile(partial, text))
    }
  } catch (error) {
    throw unwritable(directory, error)
  }
  return {
    videos: videos.map(({ file }) => file),
    captions: videos.map(({ captions }) => captions.file),
    annotations: annotations.map(([file]) => join(directory, file)),
  }
}

/** Videos of at most so many pixels are small. */
const smallest = 320 * 240

function encodingOf({ container, size }: Story, abilities: FfmpegAbilities) {
  if (container === 'mp4' && size.width * size.height <= smallest) {
    return { container, format: smallEncoderOptions(abilities), isSmall: true }
  }
  const format = encoderOptions(container, abilities)
  // Matroska with MPEG-4 can be written by every ffmpeg.
  if (format === null) return { container: 'mkv', format: encoderOptions('mkv', abilities) ?? [], isSmall: false }
  return { container, format, isSmall: false }
}

function tell(story: Story, split: StorySplit): ToldStory {
  const told = story.scenes.map(scene => ({ seconds: scene.seconds, text: sentenceFor(scene, scene.wording) }))
  return { story, name: `${split}/${story.id}`, sentences: timed(told) }
}

/**
 * The paragraphs lie where a labelled folder is read at once; the others below, where each is a labelled folder of its
 * own.
 */
function annotationFiles(split: StorySplit, stories: readonly ToldStory[], options: StoryOptions): [string, string][] {
  const isHeldOut = ({ story }: ToldStory) => story.hasHeldOut
  return [
    [`annotations/${split}.json`, paragraphs(stories)],
    [`annotations/shapes/${split}.jsonl`, classes(stories, ({ mainShape }) => mainShape)],
    [`annotations/places/${split}.jsonl`, classes(stories, firstPlace)],
    [`annotations/questions/${split}.jsonl`, questions(stories, new Questioner(options, split))],
    [`annotations/chapters/${split}.json`, chapters(stories)],
    [`annotations/quarters/${split}.json`, quarters(stories)],
    ...(split === 'test'
      ? [
          ['annotations/test-seen/test.json', paragraphs(stories.filter(told => !isHeldOut(told)))] as [string, string],
          ['annotations/test-held-out/test.json', paragraphs(stories.filter(isHeldOut))] as [string, string],
        ]
      : []),
  ]
}

/** Says in the folder of a split what its stories are drawn from. @throws ExpectedError when it has others. */
async function claim(directory: string, split: StorySplit, options: StoryOptions): Promise<void> {
  const folder = join(directory, split)
  const file = join(folder, recordName)
  const record = `${JSON.stringify({ version: 1, split, ...options })}\n`
  const there = await readFile(file, 'utf8').catch(() => null)
  if (there === record) return
  if (there !== null) {
    throw new ExpectedError(
      'stories-differ',
      `${folder} has stories of another seed or with other options; give an empty folder, or the options of these: ${there.trim()}.`,
    )
  }
  try {
    await makeFolder(folder)
    await writeBeside(file, partial => writeFile(partial, record))
  } catch (error) {
    throw unwritable(directory, error)
  }
}
