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

/** Which shape is seen in most scenes, as the published code has classes: a row of JSON per video. */
export function classes(stories: readonly ToldStory[]): string {
  return stories.map(({ name, story }) => `${JSON.stringify({ video_id: name, label: story.mainShape })}\n`).join('')
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

/** The videos that differ in the order of their scenes alone. */
export function twins(stories: readonly ToldStory[]): string {
  const byId = new Map(stories.map(told => [told.story.id, told]))
  const pairs = stories.flatMap(({ name, story }) => {
    const other = story.twin === null ? undefined : byId.get(story.twin)
    return other && story.id < other.story.id ? [[name, other.name]] : []
  })
  return `${JSON.stringify({ pairs }, null, 1)}\n`
}

/** An object with each of its entries on a line of its own. */
function lines(entries: readonly (readonly unknown[])[]): string {
  const rows = entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return `{\n${rows.join(',\n')}\n}\n`
}
