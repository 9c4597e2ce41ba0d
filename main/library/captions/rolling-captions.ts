import type { Caption } from '../../api/library/library.ts'

/** A cue as it stands on screen: its lines, none of them empty; times in seconds. */
export interface Cue {
  readonly start: number
  readonly end: number
  readonly lines: readonly string[]
}

/** A cue that only repeats is shown so briefly, in seconds, in the captions that YouTube makes. */
const brief = 0.05
/** Cues follow one another without a gap where lines roll on; times are rounded. */
const sameTime = 0.1
/** This part of all cues goes on from the one before where captions roll; what people happen to repeat is far less. */
const rolling = 0.3

/**
 * Each phrase once, with the span in which it was new. Rolling captions, as YouTube's automatic ones, show a line again
 * above the next one, or grow word by word; elsewhere each cue is one phrase, also one that is said twice.
 */
export function phrasesOf(cues: readonly Cue[]): { phrases: Caption[]; isRolling: boolean } {
  const steps = cues.map((cue, place) => stepFrom(cues[place - 1], cue))
  const isRolling = areRolling(cues, steps)
  const phrases: { text: string; start: number; end: number }[] = []
  for (const [place, cue] of cues.entries()) {
    const step = steps[place]
    const text = (isRolling && step ? step.fresh : cue.lines).join(' ')
    const last = phrases.at(-1)
    if (isRolling && step?.grown === true && last?.text.endsWith(step.last ?? '') === true) {
      // The phrase before is the beginning of this one.
      last.text = last.text.slice(0, last.text.length - (step.last ?? '').length) + step.fresh.join(' ')
      last.end = cue.end
    } else if (text !== '') {
      phrases.push({ text, start: cue.start, end: cue.end })
    }
  }
  return { phrases, isRolling }
}

/** What a cue brings beyond the one before; `grown`: its first new line is that one's last with more words. */
interface Step {
  readonly carried: number
  readonly fresh: readonly string[]
  readonly grown: boolean
  /** The line that has grown. */
  readonly last?: string
}

function stepFrom(before: Cue | undefined, cue: Cue): Step {
  const none: Step = { carried: 0, fresh: cue.lines, grown: false }
  if (!before || cue.start > before.end + sameTime) return none
  for (let carried = Math.min(before.lines.length, cue.lines.length); carried > 0; carried -= 1) {
    const isCarried = before.lines.slice(-carried).every((line, index) => line === cue.lines[index])
    if (isCarried) return { carried, fresh: cue.lines.slice(carried), grown: false }
  }
  return grownFrom(before, cue) ?? none
}

/** A cue whose newest line is that of the one before with more words, below lines that stay. */
function grownFrom(before: Cue, cue: Cue): Step | null {
  const last = before.lines.at(-1)
  if (last === undefined) return null
  for (let carried = Math.min(before.lines.length, cue.lines.length) - 1; carried >= 0; carried -= 1) {
    const stays = before.lines.slice(-1 - carried, -1).every((line, index) => line === cue.lines[index])
    const isAlone = before.lines.length === 1 && cue.lines.length === 1
    if (stays && (carried > 0 || isAlone) && cue.lines[carried]?.startsWith(`${last} `) === true) {
      return { carried, fresh: cue.lines.slice(carried), grown: true, last }
    }
  }
  return null
}

function areRolling(cues: readonly Cue[], steps: readonly Step[]): boolean {
  const carriedOn = steps.filter(({ carried, fresh, grown }) => carried > 0 && fresh.length > 0 && !grown).length
  const grownOn = steps.filter(({ grown }) => grown).length
  const briefRepeats = steps.filter(({ carried, fresh }, place) => {
    const cue = cues[place]
    return carried > 0 && fresh.length === 0 && cue !== undefined && cue.end - cue.start <= brief
  }).length
  return (carriedOn > 0 && briefRepeats > 0) || carriedOn + grownOn >= Math.max(2, rolling * cues.length)
}
