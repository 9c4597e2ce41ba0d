import { describe, expect, test } from 'vitest'
import { paintScenes } from '../../../../main/media/demo/painting/painter.ts'
import type { Background, Figure, Scene } from '../../../../main/media/demo/painting/scene.ts'
import { actionCards } from '../../../../main/media/demo/stories/attributes.ts'
import { drawStories } from '../../../../main/media/demo/stories/draw-stories.ts'
import { usualStories } from '../../../../main/media/demo/stories/options.ts'
import { Questioner } from '../../../../main/media/demo/stories/questions.ts'
import { sentenceFor } from '../../../../main/media/demo/telling/sentence.ts'
import { doings } from '../../../../main/media/demo/telling/words.ts'

const options = { ...usualStories, seed: 11 }
const stories = drawStories(options, 'test', 240)
const training = drawStories(options, 'train', 240)
const questioner = new Questioner(options, 'test')
const asked = stories.map(story => ({ story, questions: questioner.ask(story) }))
const trained = new Questioner(options, 'train')
const trainedQuestions = training.flatMap(story => trained.ask(story))

const numbers = { two: 2, three: 3, four: 4, five: 5 } as const
const shapes = 'circle|square|triangle|star|diamond|heart|cross|ring|moon'
const colors = 'red|orange|yellow|green|blue|purple|pink|brown|white|black'
const figurePattern = new RegExp(`\\b(an?|two|three|four|five) (${colors}) (${shapes})(?:s|es)?\\b`, 'g')

/** The figures that a sentence names, in its order. */
function figuresIn(sentence: string): Figure[] {
  return [...sentence.toLowerCase().matchAll(figurePattern)].map(([, number = '', color = '', shape = '']) => ({
    shape: shape as Figure['shape'],
    color: color as Figure['color'],
    ...(number in numbers ? { count: numbers[number as keyof typeof numbers] } : {}),
  }))
}

const landscapeWords: Record<string, RegExp> = {
  sea: /\bsea\b/,
  hills: /\bhills\b/,
  desert: /\bdesert\b/,
  city: /\bcity\b/,
  night: /\bnight\b/,
  sunset: /\bsunset\b/,
  forest: /\bforest\b/,
  mountains: /\bmountains\b/,
  snow: /\bsnow\b/,
  'deep water': /\bwater\b/,
}

function backgroundIn(sentence: string): Background | null {
  const text = sentence.toLowerCase()
  const tone = '((?:light |dark )?[a-z]+)'
  const fade = new RegExp(`background that fades from ${tone} to ${tone}\\b`).exec(text)
  if (fade) return { pattern: 'fade', color: fade[1], second: fade[2] } as Background
  const dots = new RegExp(`an? ${tone} background with ${tone} dots`).exec(text)
  if (dots) return { pattern: 'dots', color: dots[1], second: dots[2] } as Background
  const two = new RegExp(`an? ${tone} and ${tone} (striped|checkered) background`).exec(text)
  if (two) return { pattern: two[3] === 'striped' ? 'stripes' : 'checks', color: two[1], second: two[2] } as Background
  const plain = new RegExp(`an? ${tone} background`).exec(text)
  if (plain) return { pattern: 'plain', color: plain[1] } as Background
  const landscape = Object.keys(landscapeWords).find(name => landscapeWords[name]?.test(text))
  return landscape === undefined ? null : ({ pattern: 'landscape', landscape } as Background)
}

/** Words that only one kind of action has; right and left, in and out are looked for apart. */
const verbs: Record<string, RegExp> = {
  right: /left to right|(glides?|moves?) (slowly |quickly )?to the right/,
  left: /right to left|(glides?|moves?) (slowly |quickly )?to the left/,
  up: /bottom to the top|rises?\b|upwards/,
  down: /top to the bottom|sinks?\b|downwards/,
  grow: /grows? larger|bigger and bigger/,
  shrink: /shrinks?|smaller and smaller/,
  rotate: /rotates?|turns? around/,
  bounce: /bounces?|jumps? up and falls? down/,
  'zigzag right': /zigzag.* to the right/,
  'zigzag left': /zigzag.* to the left/,
  swing: /swings/,
  circle: /in a circle/,
  'spiral in': /spiral to the middle|spirals inwards/,
  'spiral out': /spiral from the middle|spirals outwards/,
  blink: /blinks?|again and again/,
  appear: /fades? in|slowly appears?/,
  vanish: /fades? away|slowly disappears?/,
  meet: /meet|comes together/,
  part: /move apart|leaves/,
  orbit: /around an? /,
  'chase right': /(chases|runs after) .* to the right/,
  'chase left': /(chases|runs after) .* to the left/,
  jump: /jumps over|leaps over/,
  'pass behind': /passes behind|moves along behind/,
  'pass before': /passes in front of|moves along in front of/,
  swap: /change places|changes places/,
  'rest left': /to the left of|on the left of|to the right of|on the right of/,
  'rest above': /floats above|is above|below/,
  'rest inside': /inside|surrounds/,
  'rest behind': /floats behind|hidden behind/,
  'pan right': /view pans to the right/,
  'pan left': /view pans to the left/,
  'zoom in': /zooms in/,
  'zoom out': /zooms out/,
}

describe('a sentence says what its scene is', () => {
  const scenes = [...stories, ...training].flatMap(story => story.scenes)

  test('which figures, how many, and before what', () => {
    for (const scene of scenes) {
      const sentence = sentenceFor(scene, scene.wording)
      const { action } = scene
      const figures = 'other' in action ? [action.figure, action.other] : [action.figure]
      const turned = scene.wording.fromOther && /right of|below|surrounds/.test(sentence)
      expect(figuresIn(sentence), sentence).toEqual(turned ? figures.toReversed() : figures)
      expect(backgroundIn(sentence), sentence).toEqual(scene.background)
    }
  })

  test('and what happens, in words that only this action has', () => {
    expect(Object.keys(verbs).sort()).toEqual(Object.keys(doings).sort())
    for (const card of actionCards) {
      const scene: Scene = {
        seconds: 4,
        background: { pattern: 'plain', color: 'gray' },
        action: card.make({ shape: 'star', color: 'red' }, { shape: 'heart', color: 'blue' }),
      }
      for (const action of [0, 1]) {
        for (const fromOther of [false, true]) {
          const sentence = sentenceFor(scene, { action, place: 0, fromOther }).replace(
            / (on|across|over|in) an? gray.*/,
            '',
          )
          const found = Object.keys(verbs).filter(name => verbs[name]?.test(sentence))
          expect(found, sentence).toContain(card.name)
        }
      }
    }
  })

  test('slow moves are not told to cross the whole picture', () => {
    const slow = scenes.filter(({ action }) => action.kind === 'move' && action.pace === 'slowly')
    expect(slow.length).toBeGreaterThan(20)
    for (const scene of slow) expect(sentenceFor(scene, scene.wording)).not.toMatch(/from (left|right|the)/)
  })

  test('in at most 200 different words, questions and answers included', () => {
    const words = new Set<string>()
    const read = (text: string) =>
      text
        .toLowerCase()
        .match(/[a-z]+/g)
        ?.forEach(word => words.add(word))
    for (const scene of scenes) read(sentenceFor(scene, scene.wording))
    for (const { text, answers } of trainedQuestions) read([text, ...answers].join(' '))
    expect(words.size).toBeLessThanOrEqual(200)
  })
})

describe('what happens can be seen in four small frames of a scene', () => {
  const size = { width: 160, height: 96 }
  const scene = (index: number): Scene => {
    const card = actionCards[index]
    if (!card) throw new Error('no card')
    const action = card.make({ shape: 'star', color: 'red' }, { shape: 'heart', color: 'blue' })
    return { seconds: 1, background: { pattern: 'landscape', landscape: 'forest' }, action }
  }
  /** Sixteen frames, of which every fourth makes a row: wherever the four begin, the action must show. */
  const painted = actionCards.map((_, index) => [...paintScenes([scene(index)], size, 16)])
  const distance = (a: Uint8Array | undefined, b: Uint8Array | undefined) => {
    let changed = 0
    for (let at = 0; at < size.width * size.height * 3; at += 3) {
      const apart = Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0)) + Math.abs((a?.[at + 1] ?? 0) - (b?.[at + 1] ?? 0))
      if (apart > 60) changed += 1
    }
    return changed / (size.width * size.height)
  }

  test.each([0, 1, 2, 3])('beginning with frame %i of sixteen, every two actions differ', begin => {
    const at = [begin, begin + 4, begin + 8, begin + 12]
    for (const [one, frames] of painted.entries()) {
      for (const [other, others] of painted.entries()) {
        if (other <= one) continue
        const most = Math.max(...at.map(frame => distance(frames[frame], others[frame])))
        // A hundredth of the picture is a third of a figure.
        expect(most, `${actionCards[one]?.name} and ${actionCards[other]?.name}`).toBeGreaterThan(0.01)
      }
    }
  })

  test('and all but what rests change from frame to frame', () => {
    for (const [index, frames] of painted.entries()) {
      const name = actionCards[index]?.name ?? ''
      if (name.startsWith('rest')) continue
      const changes = [0, 4, 8].map(frame => distance(frames[frame], frames[frame + 4]))
      expect(Math.max(...changes), name).toBeGreaterThan(0.01)
    }
  })
})

describe('questions', () => {
  test('have four different answers, the right one as often in each place', () => {
    const places = [0, 0, 0, 0]
    for (const { questions } of asked) {
      expect(questions.length).toBeGreaterThanOrEqual(4)
      for (const { answers, right } of questions) {
        expect(new Set(answers).size).toBe(4)
        places[right] = (places[right] ?? 0) + 1
      }
    }
    expect(Math.max(...places) - Math.min(...places)).toBeLessThanOrEqual(1)
  })

  test('are answered rightly by the description of the scene they are about, and by no other answer', () => {
    const kinds = new Set<string>()
    for (const { story, questions } of asked) {
      for (const { kind, text, answers, right, scene } of questions) {
        kinds.add(kind)
        const about = story.scenes[scene]
        if (!about) throw new Error('no such scene')
        const { figure } = about.action
        const answer = answers[right] ?? ''
        if (kind === 'color') expect(answer).toBe(figure.color)
        if (kind === 'shape') expect(answer).toBe(`a ${figure.shape}`)
        if (kind === 'count') expect(numbers[answer as keyof typeof numbers]).toBe(figure.count)
        if (kind === 'background') expect(backgroundIn(`on ${answer}`)).toEqual(about.background)
        if (kind === 'direction') {
          expect(answer).toMatch(
            { right: /right/, left: /left/, up: /up/, down: /down/ }[
              'direction' in about.action ? about.action.direction : 'right'
            ],
          )
        }
        if (kind === 'order') {
          expect(answer).toContain(`${figure.color} ${figure.shape}`)
          const at = /first/.test(text)
            ? 0
            : /second/.test(text)
              ? 1
              : /last/.test(text)
                ? story.scenes.length - 1
                : null
          if (at !== null) expect(scene).toBe(at)
        }
      }
    }
    expect([...kinds].sort()).toEqual(['action', 'background', 'color', 'count', 'direction', 'order', 'shape'])
  })

  test('are not answered by what is right most often', () => {
    const [right, shown] = [new Map<string, number>(), new Map<string, number>()]
    const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
    for (const { kind, answers, right: place } of trainedQuestions) {
      answers.forEach((answer, index) => {
        add(shown, `${kind} ${answer}`)
        if (index === place) add(right, `${kind} ${answer}`)
      })
    }
    const chance = (kind: string, answer: string) =>
      ((right.get(`${kind} ${answer}`) ?? 0) + 1) / ((shown.get(`${kind} ${answer}`) ?? 0) + 4)
    const guessed = asked
      .flatMap(({ questions }) => questions)
      .map(({ kind, answers, right: place }) => {
        const chances = answers.map(answer => chance(kind, answer))
        return chances.indexOf(Math.max(...chances)) === place
      })
    expect(guessed.filter(Boolean).length / guessed.length).toBeLessThan(0.3)
  })

  test('about the order have other answers for the twin', () => {
    const ordinal = (id: string | null) =>
      asked.find(({ story }) => story.id === id)?.questions.find(({ text }) => /first|second|last/.test(text))
    let pairs = 0
    for (const { story } of asked) {
      if (!story.id.endsWith('a') || story.twin === null) continue
      const [one, other] = [ordinal(story.id), ordinal(story.twin)]
      if (!one || !other) continue
      pairs += 1
      expect(other.text).toBe(one.text)
      expect(other.answers[other.right]).not.toBe(one.answers[one.right])
    }
    expect(pairs).toBeGreaterThan(40)
  })
})
