import { mergeSentences } from '../../../../native-models/lfvila/text/sentence-merging.ts'
import type { Questioner } from '../stories/questions.ts'
import type { Story } from '../stories/story.ts'
import type { TimedSentence } from './caption-text.ts'

/** A story as its annotations tell it. */
export interface ToldStory {
  readonly story: Story
  /** Its video inside the folder of the library, without extension: `test/story-00012a`. */
  readonly name: string
  readonly sentences: readonly TimedSentence[]
}

/** Paragraphs with times, as ActivityNet Captions has them; a story and its twin are a group. */
export function paragraphs(stories: readonly ToldStory[]): string {
  const entries = stories.map(({ story, name, sentences }) => [
    name,
    {
      duration: sentences.at(-1)?.end ?? 0,
      timestamps: sentences.map(({ start, end }) => [start, end]),
      sentences: sentences.map(({ text }) => text),
      ...(story.twin !== null && { group: [story.id, story.twin].toSorted().join(' ') }),
    },
  ])
  return lines(entries)
}

/** As many as the published models have clips. */
const partsOfStory = 4

/**
 * The stories told in four chapters: consecutive scenes whose sentences are joined as those of a paragraph are that
 * has more than a model has clips. Pre-training on them sees whole stories.
 */
export function chapters(stories: readonly ToldStory[]): string {
  return paragraphs(stories.map(told => ({ ...told, sentences: chaptersOf(told.sentences) })))
}

/**
 * The texts of the chapters, and the video cut in quarters: the frames of the four together are those that evaluation
 * samples of a whole video, so that pre-training learns from what it will be asked. The times are right only as far as
 * scenes are equally long.
 */
export function quarters(stories: readonly ToldStory[]): string {
  return paragraphs(
    stories.map(told => {
      const length = told.sentences.at(-1)?.end ?? 0
      const part = (of: number) => Number(((length * of) / partsOfStory).toFixed(3))
      const texts = chaptersOf(told.sentences).map(({ text }) => text)
      return { ...told, sentences: texts.map((text, at) => ({ text, start: part(at), end: part(at + 1) })) }
    }),
  )
}

function chaptersOf(sentences: readonly TimedSentence[]): TimedSentence[] {
  const rest = [...sentences]
  const texts = mergeSentences(
    sentences.map(({ text }) => text),
    partsOfStory,
  )
  return texts.map(text => {
    const scenes = [rest.shift()].filter(scene => scene !== undefined)
    while (scenes.map(scene => scene.text).join(' ').length < text.length) scenes.push(...rest.splice(0, 1))
    return { text, start: scenes[0]?.start ?? 0, end: scenes.at(-1)?.end ?? 0 }
  })
}

/** The class of each story that has one, as the published code has classes: a row of JSON per video. */
export function classes(stories: readonly ToldStory[], classOf: (story: Story) => string | null): string {
  return stories
    .flatMap(({ name, story }) => {
      const label = classOf(story)
      return label === null ? [] : [`${JSON.stringify({ video_id: name, label })}\n`]
    })
    .join('')
}

/** Before which landscape a story begins; null of those that begin before something else. */
export function firstPlace({ scenes: [first] }: Story): string | null {
  return first?.background.pattern === 'landscape' ? first.background.landscape : null
}

/**
 * Questions with four answers, as How2QA has them: a row of JSON per question. The span is that of the scene that
 * answers it.
 */
export function questions(stories: readonly ToldStory[], questioner: Questioner): string {
  return stories
    .flatMap(({ name, story, sentences }) =>
      questioner.ask(story).map(({ kind, text, answers, right, scene }) => {
        const { start, end } = sentences[scene] ?? { start: 0, end: 0 }
        const row = {
          clip_id: name,
          span: [start, end],
          text_q: text,
          text_a: answers,
          text_s: [],
          answer_idx: right,
          kind,
        }
        return `${JSON.stringify(row)}\n`
      }),
    )
    .join('')
}

/** An object with each of its entries on a line of its own. */
function lines(entries: readonly (readonly unknown[])[]): string {
  const rows = entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return `{\n${rows.join(',\n')}\n}\n`
}
