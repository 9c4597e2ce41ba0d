import type { Action, Background, Direction, Figure, Scene } from './scene.ts'

const courses: Readonly<Record<Direction, readonly [string, string]>> = {
  right: ['moves from left to right', 'glides to the right'],
  left: ['moves from right to left', 'glides to the left'],
  up: ['moves from the bottom to the top', 'rises'],
  down: ['moves from the top to the bottom', 'sinks'],
}

/**
 * One true sentence about a scene, e.g. “A red circle moves from left to right across a blue background.”
 * @param wording 0 or 1: two ways of saying it.
 */
export function sentenceFor(scene: Scene, wording: 0 | 1 = 0): string {
  const place = backgroundPhrase(scene.background)
  const text = happening(scene.action, place, wording)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function happening(action: Action, place: string, wording: 0 | 1): string {
  const figure = figurePhrase(action.figure)
  const choose = (first: string, second: string): string => (wording === 0 ? first : second)
  switch (action.kind) {
    case 'move':
      return `${figure} ${courses[action.direction][wording]} ${action.direction === 'right' || action.direction === 'left' ? 'across' : 'over'} ${place}`
    case 'grow':
      return choose(`${figure} grows larger in front of ${place}`, `${figure} gets bigger and bigger on ${place}`)
    case 'shrink':
      return choose(`${figure} shrinks in front of ${place}`, `${figure} gets smaller and smaller on ${place}`)
    case 'rotate':
      return choose(`${figure} rotates in the middle of ${place}`, `${figure} turns around on ${place}`)
    case 'bounce':
      return choose(
        `${figure} bounces up and down in front of ${place}`,
        `${figure} jumps up and falls down again on ${place}`,
      )
    case 'meet':
      return choose(
        `${figure} and ${figurePhrase(action.other)} move towards each other and meet on ${place}`,
        `${figure} comes together with ${figurePhrase(action.other)} on ${place}`,
      )
    case 'part':
      return choose(
        `${figure} and ${figurePhrase(action.other)} move apart on ${place}`,
        `${figure} leaves ${figurePhrase(action.other)} on ${place}`,
      )
    case 'orbit':
      return choose(
        `${figure} circles around ${figurePhrase(action.other)} on ${place}`,
        `${figure} travels around ${figurePhrase(action.other)} on ${place}`,
      )
  }
}

function figurePhrase({ shape, color }: Figure): string {
  return withArticle(`${color} ${shape}`)
}

function backgroundPhrase(background: Background): string {
  switch (background.pattern) {
    case 'plain':
      return withArticle(`${background.color} background`)
    case 'fade':
      return `a background that fades from ${background.color} to ${background.second}`
    case 'stripes':
      return withArticle(`${background.color} and ${background.second} striped background`)
    case 'checks':
      return withArticle(`${background.color} and ${background.second} checkered background`)
    case 'dots':
      return `${withArticle(`${background.color} background`)} with ${background.second} dots`
  }
}

function withArticle(phrase: string): string {
  return `${/^[aeiou]/.test(phrase) ? 'an' : 'a'} ${phrase}`
}
